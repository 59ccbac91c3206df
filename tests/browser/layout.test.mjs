// The frame: borders of panes that move and stay, tabs in one row.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { barriers } from './axe.mjs';
import { browser, complaints, openWatched, site, stage } from './harness.mjs';
import { started, Visitor } from './visitor.mjs';

stage();

async function visit(query = '', options = {}) {
  const opened = await openWatched(browser, site.url + query, { locale: 'en-US', ...options });
  await started(opened.page);
  return opened;
}

const width = (page, selector) => page.locator(selector).evaluate(pane => Math.round(pane.getBoundingClientRect().width));
const height = (page, selector) => page.locator(selector).evaluate(pane => Math.round(pane.getBoundingClientRect().height));
const border = (page, name) => page.getByRole('separator', { name });

async function drag(page, splitter, dx, dy) {
  const { x, y, width: w, height: h } = await splitter.boundingBox();
  const [from, to] = [x + w / 2, y + h / 2];
  await page.mouse.move(from, to);
  await page.mouse.down();
  await page.mouse.move(from + dx, to + dy, { steps: 4 });
  await page.mouse.up();
}

test('panes are made larger by pointer and keys, stay so, and go back', async () => {
  const { page, context, witness } = await visit();
  const left = border(page, 'Width of the left pane');
  await drag(page, left, 100, 0);
  const dragged = await width(page, '.editor');
  assert.ok(Math.abs(dragged - 484) <= 5, `${dragged}`);
  assert.equal(await left.getAttribute('aria-valuenow'), String(dragged));
  const right = border(page, 'Width of the inspector');
  const before = await width(page, '.inspector');
  await right.focus();
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('ArrowLeft');
  assert.equal(await width(page, '.inspector'), before + 32);
  const low = border(page, 'Height of the timeline');
  await drag(page, low, 0, -60);
  const tall = await height(page, '.timeline');
  assert.ok(Math.abs(tall - 380) <= 5, `${tall}`);
  assert.deepEqual(await barriers(page), []);
  await page.reload();
  await started(page);
  assert.deepEqual(
    [await width(page, '.editor'), await width(page, '.inspector'), await height(page, '.timeline')],
    [dragged, before + 32, tall],
  );
  await left.dblclick();
  assert.equal(await width(page, '.editor'), 384);
  await right.focus();
  await page.keyboard.press('Enter');
  await low.focus();
  await page.keyboard.press('Enter');
  assert.deepEqual([await width(page, '.inspector'), await height(page, '.timeline')], [before, 320]);
  assert.deepEqual(await complaints(witness), []);
  await context.close();
});

test('whatever the panes were given, the picture keeps its room in a smaller window', async () => {
  const { page, context } = await visit();
  for (const name of ['Width of the left pane', 'Width of the inspector', 'Height of the timeline']) {
    await border(page, name).focus();
    await page.keyboard.press('End');
  }
  for (const [w, h] of [[1440, 900], [1024, 700], [390, 844]]) {
    await page.setViewportSize({ width: w, height: h });
    assert.ok(await width(page, '.cluster') >= 320, `${w}`);
    assert.ok(await height(page, '.cluster') >= 100, `${w}`);
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), w);
  }
  await context.close();
});

for (const language of ['en', 'zh-Hans']) {
  test(`the inspector's tabs stand in one row: ${language}`, async () => {
    const { page, context } = await visit(`?lang=${language}`);
    const rows = await page.locator('.tabs [role=tab]:visible').evaluateAll(tabs =>
      new Set(tabs.map(tab => tab.getBoundingClientRect().top)).size);
    assert.equal(rows, 1);
    await context.close();
  });
}

test('there is one selection: a name in the table is chosen in the picture, in the lanes and among the faults', async () => {
  const { page, context } = await visit('?example=service-readiness&t=45');
  await page.getByRole('radio', { name: 'Table' }).click();
  const name = page.locator('#pods tbody th button').nth(1);
  const pod = await name.textContent();
  await name.focus();
  await page.keyboard.press('Enter');
  await page.locator('#pods tr.chosen', { hasText: pod }).waitFor();
  const suffix = pod.split('-').at(-1);
  await page.locator('.targets [aria-checked="true"]', { hasText: suffix }).waitFor();
  await page.locator('.lane[aria-expanded="true"], .labels [aria-expanded="true"]', { hasText: suffix }).waitFor();
  assert.deepEqual(await barriers(page), []);
  await page.getByRole('radio', { name: 'Picture' }).click();
  await page.locator(`.pod.chosen[data-pod="${pod}"]`).waitFor();
  await context.close();
});

test('acts upon one node are told apart', async () => {
  const { page, context } = await visit('?example=service-readiness&t=20');
  for (const name of ['unreachable', 'memory']) {
    await page.locator('.faults .fault-row', { hasText: new RegExp(`node.*${name}|${name}.*node`, 'i') }).first().getByRole('button').last().click();
    await page.locator('.deeds .fault-row', { hasText: new RegExp(`state: ${name}`) }).waitFor();
  }
  await context.close();
});

for (const width of [1280, 1440]) {
  test(`the head of a Pod's card stays within its card: ${width}`, async () => {
    const { page, context } = await visit('?example=service-readiness&t=45', { viewport: { width, height: 800 } });
    await page.locator('.pod .badge').first().waitFor();
    const out = await page.locator('.pod').evaluateAll(cards => cards.flatMap(card => {
      const { right } = card.getBoundingClientRect();
      return [...card.querySelectorAll('header > *')].filter(part => part.getBoundingClientRect().right > right).map(part => part.className);
    }));
    assert.deepEqual(out, []);
    await context.close();
  });
}

test('what pops up in the editor lies over the picture', async () => {
  const { page, context } = await visit('?example=service-readiness&t=45');
  await page.locator('#editor[data-rich]').waitFor({ state: 'attached' });
  const line = page.locator('.cm-line', { hasText: 'periodSeconds' }).first();
  const { x, y } = await line.boundingBox();
  await page.mouse.move(x + 120, y + 8);
  await page.mouse.move(x + 125, y + 8);
  const tooltip = page.locator('.cm-tooltip');
  await tooltip.waitFor();
  const [tip, editor] = await Promise.all([tooltip.boundingBox(), page.locator('#editor').boundingBox()]);
  const right = tip.x + tip.width;
  if (right > editor.x + editor.width + 4) {
    const above = await page.evaluate(([left, top]) => document.elementFromPoint(left, top)?.closest('#editor') !== null, [right - 3, tip.y + tip.height / 2]);
    assert.ok(above, 'the picture covers it');
  } else assert.ok(tip.width > 150, 'it fits');
  await context.close();
});

test('another text, other Pods: none of the former is offered to be broken', async () => {
  const { page, context } = await visit('');
  const visitor = new Visitor(page);
  await visitor.run('apiVersion: v1\nkind: Pod\nmetadata: {name: other}\nspec: {containers: [{name: a, image: nginx}]}\n');
  await visitor.sees(page.locator('.pod-name'), 'other');
  assert.deepEqual(await page.locator('.targets button').allTextContents(), ['other']);
  await context.close();
});
