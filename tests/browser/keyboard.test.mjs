// By keyboard alone: whatever can be pressed is reached with Tab, or with the arrows of its group,
// and shows that it has the focus. In each of these states nothing is a barrier, either.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { barriers } from './axe.mjs';
import { browser, complaints, openWatched, site, stage } from './harness.mjs';
import { started } from './visitor.mjs';

stage();

/** In the page: gives everything that can be pressed a number, and says what it is. */
function number() {
  for (const element of document.querySelectorAll('[data-stop]')) delete element.dataset.stop;
  const dialog = document.querySelector('dialog[open], [role=dialog]');
  const pressable = 'a[href], button, input, select, textarea, summary, [tabindex="0"], [role=radio], [role=tab], [role=slider]';
  const seen = element => !element.disabled && element.checkVisibility({ visibilityProperty: true })
    && element.getBoundingClientRect().width > 0 && !element.closest('[inert], [aria-hidden=true]');
  const all = [...(dialog ?? document).querySelectorAll(pressable)].filter(seen);
  return all.map((element, index) => {
    element.dataset.stop = String(index);
    const group = element.closest('[role=radiogroup], [role=tablist]');
    const words = `${element.tagName}#${element.id} ${element.getAttribute('aria-label') ?? element.textContent.trim().slice(0, 30)}`;
    return { stop: String(index), roves: Boolean(group) && element.tabIndex < 0, words };
  });
}

/** In the page: what has the focus, and whether one can see that. The code editor shows a cursor, a pin a thick edge. */
function focused() {
  const element = document.activeElement;
  const style = getComputedStyle(element);
  const edge = element.matches('.pin') && getComputedStyle(element.querySelector('rect')).strokeWidth === '2px';
  const ring = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 1;
  return { stop: element.dataset.stop ?? null, shows: ring || edge || element.matches('.rich'), words: `${element.tagName}#${element.id}.${element.getAttribute('class')}` };
}

/** From the first stop through all of them. Returns what is never met, and what does not show its focus. */
async function walk(page) {
  const all = await page.evaluate(number);
  const [met, dull] = [new Set(), new Set()];
  const look = async () => {
    const { stop, shows, words } = await page.evaluate(focused);
    if (!shows) dull.add(words);
    return stop;
  };
  await page.evaluate(() => document.querySelector('[data-stop="0"]').focus());
  for (let turn = 0; turn < all.length + 20; turn++) {
    const stop = await look();
    if (stop !== null && met.has(stop)) break; // round
    if (stop !== null) met.add(stop);
    await page.keyboard.press('Tab');
  }
  return { dull: [...dull].filter(words => !/^(BODY|IFRAME)/.test(words)), missed: all.filter(({ stop, roves }) => !roves && !met.has(stop)).map(({ words }) => words) };
}

/** Each group's members, one after the other, by its arrows. Returns those that are never met. */
async function rove(page) {
  const missed = [];
  for (const group of await page.locator('[role=radiogroup]:visible, [role=tablist]:visible').all()) {
    const members = group.locator('[role=radio]:visible, [role=tab]:visible');
    const count = await members.count();
    if (!count) continue;
    const names = new Set(await members.allTextContents());
    await group.locator('[tabindex="0"]:visible').first().focus();
    for (let turn = 0; turn < count; turn++) {
      names.delete(await page.evaluate(() => document.activeElement.textContent));
      await page.keyboard.press('ArrowRight');
    }
    missed.push(...names);
  }
  return missed;
}

async function open(query, viewport = { width: 1440, height: 900 }) {
  const opened = await openWatched(browser, site.url + query, { locale: 'en-US', viewport });
  await started(opened.page);
  await opened.page.locator('.pod, .lane').first().waitFor({ state: 'attached' });
  if (!query.includes('embed')) await opened.page.locator('#editor[data-rich]').waitFor({ state: 'attached' });
  return opened;
}

async function reaches(page, place) {
  await page.waitForTimeout(300); // what a panel asks for comes
  assert.deepEqual(await walk(page), { dull: [], missed: [] }, place);
  assert.deepEqual(await barriers(page), [], place);
}

test('every tab of the inspector, and the picture as a table', async () => {
  const { page, context, witness } = await open('?example=service-readiness&t=45');
  const tabs = page.getByRole('tab');
  for (const name of await tabs.filter({ visible: true }).allTextContents()) {
    await tabs.filter({ hasText: name }).focus();
    await page.keyboard.press('Enter');
    await reaches(page, name);
  }
  assert.deepEqual(await rove(page), []);
  await page.getByRole('radio', { name: 'Table' }).focus();
  await page.keyboard.press('Space');
  await page.locator('#pods').waitFor();
  await reaches(page, 'table');
  assert.deepEqual(await complaints(witness), []);
  await context.close();
});

test('the panes of a narrow window', async () => {
  for (const [width, height] of [[1024, 768], [390, 844]]) {
    const { page, context } = await open('?example=service-readiness&t=45', { width, height });
    const panes = page.locator('[role=tab]:visible, nav button[aria-pressed]:visible');
    for (const name of await panes.allTextContents()) {
      await panes.filter({ hasText: name }).focus();
      await page.keyboard.press('Enter');
      await reaches(page, `${name} at ${width}`);
    }
    await context.close();
  }
});

test('dialogs keep the focus, and give it back', async () => {
  const { page, context } = await open('');
  for (const id of ['share', 'help']) {
    await page.locator(`#${id}`).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor();
    await reaches(page, id);
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    assert.equal(await page.evaluate(() => document.activeElement.id), id);
  }
  await context.close();
});

test('branches, an open comparison, and an embedded page', async () => {
  const { page, context } = await open('?example=service-readiness&t=45');
  await page.locator('#fork').focus();
  await page.keyboard.press('Enter');
  await page.locator('#compare').focus();
  await page.keyboard.press('Enter');
  await reaches(page, 'compare');
  await context.close();
  for (const view of ['split', 'pod', 'timeline']) {
    const embedded = await open(`?embed=1&view=${view}&example=service-readiness`);
    await reaches(embedded.page, `embedded: ${view}`);
    await embedded.context.close();
  }
});
