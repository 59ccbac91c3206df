// Moving in time, forking and comparing, taking back: by mouse and by keyboard.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { barriers } from './axe.mjs';
import { browser, complaints, openWatched, screenshot, site, stage } from './harness.mjs';
import { livenessExec, webWithService } from './manifests.mjs';
import { near, started, Visitor } from './visitor.mjs';

stage();

async function visit(manifest, query = '', options = {}) {
  const opened = await openWatched(browser, site.url + query, { locale: 'en-US', ...options });
  await started(opened.page);
  await opened.page.locator('#applied').waitFor({ timeout: 30_000, state: 'attached' });
  const visitor = new Visitor(opened.page);
  if (manifest) await visitor.run(manifest);
  return { ...opened, visitor };
}

/** Presses keys where no text is typed. */
async function press(page, ...keys) {
  await page.locator('#cluster').focus();
  for (const key of keys) await page.keyboard.press(key);
}

for (const [language, width] of [['en', 1440], ['en', 1024], ['zh', 1440], ['en', 390], ['zh', 390]]) {
  test(`every tab is seen whole: ${language} ${width}`, async () => {
    const { page, context, witness } = await visit('', `?lang=${language}&tab=faults`, { viewport: { width, height: 844 } });
    const tabs = page.locator(width < 900 ? '.pane-switch button' : '.tabs [role=tab]:visible');
    assert.ok(await tabs.count() >= 7);
    const cut = await tabs.evaluateAll(all => all.filter(tab => {
      const own = tab.getBoundingClientRect();
      const frame = tab.parentElement.getBoundingClientRect();
      return own.left < frame.left || own.right > frame.right + 1 || own.bottom > frame.bottom + 1 || tab.scrollWidth > tab.clientWidth + 1
        || !tab.contains(document.elementFromPoint(own.x + own.width / 2, own.y + own.height / 2));
    }).map(tab => tab.textContent));
    assert.deepEqual(cut, []);
    assert.deepEqual(await complaints(witness), []);
    await context.close();
  });
}

test('keys that come faster than the page is rendered all count', async () => {
  const { page, context, witness, visitor } = await visit(webWithService);
  await visitor.goTo(0);
  // In one task: nothing is rendered in between.
  await page.locator('#ruler').evaluate(ruler => {
    const press = (key, options) => ruler.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...options }));
    press('ArrowRight', { shiftKey: true });
    for (let i = 0; i < 3; i++) press('ArrowRight');
    press('ArrowLeft');
  });
  await visitor.shows(12);
  assert.equal(await visitor.clock(), 12);
  // An act right after a step is one at the moment of the step.
  await page.evaluate(() => {
    document.getElementById('ruler').dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowRight', bubbles: true, cancelable: true }));
    document.getElementById('fault-kill').click();
  });
  await page.locator('[data-pin][aria-label*="0:13.0"]').waitFor();
  assert.deepEqual(await complaints(witness), []);
  await context.close();
});

test('steps go by event, probe and restart; R goes to the next restart', async () => {
  const { page, context, witness, visitor } = await visit(livenessExec);
  await press(page, 'Home', 'r');
  await visitor.painted();
  near(await visitor.clock(), 75.5, 2, 'the first restart');
  await press(page, 'r');
  await visitor.painted();
  near(await visitor.clock(), 150.5, 4, 'the second restart');
  await press(page, 'Shift+R');
  await visitor.painted();
  near(await visitor.clock(), 75.5, 2, 'back at the first');

  await page.locator('#step').selectOption({ label: 'probe' });
  await press(page, 'Home', '.');
  await visitor.painted();
  const first = await visitor.clock();
  near(first, 5.3, 0.8, 'the first probe runs after its delay');
  await page.locator('#next').click();
  await visitor.painted();
  near(await visitor.clock(), first + 5, 0.5, 'a period later');
  await page.locator('#step').selectOption({ label: 'restart' });
  await page.locator('#next').click();
  await visitor.painted();
  near(await visitor.clock(), 75.5, 2, 'the first restart');
  await visitor.goTo(60);
  await page.locator('#step').selectOption({ label: 'event' });
  await page.locator('#previous').click();
  await visitor.painted();
  near(await visitor.clock(), 45.5, 3, 'the Killing before it');
  assert.deepEqual(await complaints(witness), []);
  await context.close();
});

test('a marker is set, gone to and taken out; a loop holds the playhead', async () => {
  const { page, context, witness, visitor } = await visit(livenessExec);
  await visitor.goTo(20);
  await press(page, 'm');
  const marker = page.getByRole('button', { name: 'Marker at 0:20.0' });
  await marker.waitFor();
  await visitor.goTo(40);
  await marker.focus();
  await page.keyboard.press('Enter');
  await visitor.shows(20);
  assert.deepEqual(await barriers(page), []);
  await page.keyboard.press('Delete');
  await marker.waitFor({ state: 'detached' });
  await page.locator('#mark').click();
  await visitor.goTo(40);
  await marker.click();
  await visitor.shows(20);

  // By keyboard: from here, to here.
  await press(page, 'l', 'ArrowRight', 'ArrowRight', 'l');
  await page.getByRole('group', { name: 'loop 0:20.0 to 0:22.0' }).waitFor();
  await press(page, 'Home', 'Shift+ArrowRight', 'Shift+ArrowRight', '2', 'Space');
  for (let i = 0; i < 8; i++) {
    await page.waitForTimeout(100);
    const at = await visitor.clock();
    assert.ok(at >= 19.9 && at <= 22.6, `${at} is outside of the loop`);
  }
  await press(page, 'Space', 'l');
  await page.locator('.loop').waitFor({ state: 'detached' });
  // By mouse: Shift and drag.
  const box = await page.locator('#ruler').boundingBox();
  await page.keyboard.down('Shift');
  await page.mouse.move(box.x + box.width / 4, box.y + 8);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width / 2, box.y + 8, { steps: 4 });
  await page.mouse.up();
  await page.keyboard.up('Shift');
  await page.getByRole('group', { name: /loop 0:30\.\d to 1:00\.\d/ }).waitFor();
  await page.locator('#loop').click();
  await page.locator('.loop').waitFor({ state: 'detached' });
  assert.deepEqual(await complaints(witness), []);
  await context.close();
});

test('a moment that was pointed at is shown at once when it is pressed', async () => {
  const { page, context, witness } = await visit(livenessExec);
  const box = await page.locator('#ruler').boundingBox();
  /** Presses at a share of the ruler: whether the picture is another one before any answer can come. */
  const changesAtOnce = share => page.evaluate(async x => {
    const cluster = document.getElementById('cluster');
    const before = cluster.dataset.from;
    const at = { bubbles: true, cancelable: true, clientX: x, clientY: 0, pointerId: 1, button: 0 };
    document.getElementById('ruler').dispatchEvent(new PointerEvent('pointerdown', at));
    for (let i = 0; i < 20; i++) await null; // no task, no message: only what is under way already
    const changed = cluster.dataset.from !== before;
    document.getElementById('ruler').dispatchEvent(new PointerEvent('pointerup', at));
    return changed;
  }, box.x + box.width * share);
  assert.equal(await changesAtOnce(0.3), false, 'nobody pointed there');
  await page.waitForFunction(() => Number(document.getElementById('cluster').dataset.from) > 30e9);
  for (let turn = 1, shown = false; !shown; turn++) {
    assert.ok(turn < 8, 'the view of a moment that is pointed at never came');
    const share = 0.3 + turn * 0.08;
    await page.mouse.move(box.x + box.width * share, box.y + 8);
    await page.waitForTimeout(200 * turn);
    shown = await changesAtOnce(share);
  }
  assert.deepEqual(await complaints(witness), []);
  await context.close();
});

test('the map of the whole run moves the stretch that is shown', async () => {
  const { page, context, witness } = await visit(livenessExec);
  const map = page.locator('#minimap');
  const from = async () => Number(await map.getAttribute('data-from'));
  assert.equal(await from(), 0);
  const box = await map.boundingBox();
  await page.mouse.click(box.x + box.width / 2, box.y + 5);
  await page.waitForFunction(() => Number(document.getElementById('minimap').dataset.from) > 60);
  const there = await from();
  await press(page, 'a');
  await page.waitForFunction(before => Number(document.getElementById('minimap').dataset.from) < before, there);
  await press(page, 'd');
  await page.waitForFunction(before => Number(document.getElementById('minimap').dataset.from) === before, there);
  // Not empty: something of it is drawn.
  const colours = await map.locator('canvas').evaluate(canvas => {
    const { data } = canvas.getContext('2d').getImageData(0, 4, canvas.width, 1);
    return new Set(Array.from({ length: canvas.width }, (_, x) => data.slice(4 * x, 4 * x + 4).join())).size;
  });
  assert.ok(colours >= 3, `${colours} colours`);
  assert.deepEqual(await complaints(witness), []);
  await context.close();
});

test('fork here, act, compare: both lanes stand open, differences between them, totals above', async () => {
  const { page, context, witness, visitor } = await visit(livenessExec);
  await visitor.goTo(12);
  await press(page, 'f');
  await page.locator('#branch option', { hasText: 'from 0:12.0' }).waitFor({ state: 'attached' });
  await page.locator('#fault-file').click();
  await page.locator('[data-pin]').waitFor();
  await press(page, 'c');
  await page.locator('.totals', { hasText: 'main' }).waitFor();
  assert.equal(await page.locator('.lane.open').count(), 2, 'A and B are open');
  assert.equal(await page.locator('.row-liveness').count(), 2, 'both with their probe');
  await page.locator('.row-differs', { hasText: 'A ≠ B' }).waitFor();
  assert.match(await page.locator('.totals').textContent(), /A.*restarts.*B.*restarts/);
  await visitor.goTo(60);
  await visitor.open('Branches');
  const sentence = page.locator('#summary-sentence');
  assert.match(await sentence.textContent(), /^branch 2: first restart (19|20|21)\.\d s earlier/);
  assert.deepEqual(await barriers(page), []);
  await screenshot(page, 'compare');
  // A difference is a way there.
  const differences = page.locator('#differences button');
  assert.ok(await differences.count() > 2);
  // The picture shows A or B; what is compared stays.
  const shown = () => page.locator('.container .chip').textContent();
  await visitor.goTo(30);
  assert.equal(await shown(), 'Running, stopping', 'B: killed already');
  await page.getByRole('radio', { name: 'A', exact: true }).click();
  await page.locator('.container .chip', { hasText: /^Running$/ }).waitFor();
  assert.match(await sentence.textContent(), /^branch 2: first restart/);
  await press(page, 'c');
  await page.locator('.totals').waitFor({ state: 'detached' });
  assert.deepEqual(await complaints(witness), []);
  await context.close();
});

test('two manifests are compared the same way', async () => {
  const { page, context, witness, visitor } = await visit(livenessExec);
  await press(page, 'f');
  await page.locator('#branch').waitFor();
  await visitor.paste(livenessExec.replace('periodSeconds: 5', 'periodSeconds: 5\n      failureThreshold: 6'));
  await page.locator('#beside').click();
  await page.locator('#branch option').nth(2).waitFor({ state: 'attached' });
  await press(page, 'c');
  await page.locator('.totals').waitFor();
  await visitor.open('Branches');
  assert.match(await page.locator('#summary-sentence').textContent(), /^text 3: first restart (14|15|16)\.\d s later/);
  const thresholds = await page.locator('.row-liveness .label-fact').allTextContents();
  assert.deepEqual(thresholds, ['3', '6']);
  assert.deepEqual(await complaints(witness), []);
  await context.close();
});

test('every act is taken back and done again, without a question', async () => {
  const { page, context, witness, visitor } = await visit(livenessExec);
  await visitor.goTo(12);
  await page.locator('#fault-file').click();
  const pins = page.locator('[data-pin]');
  await pins.first().waitFor();
  await visitor.goTo(20);
  await page.locator('#fault-kill').click();
  await pins.nth(1).waitFor();
  await press(page, 'Control+z');
  await pins.nth(1).waitFor({ state: 'detached' });
  await page.locator('#undo').click();
  await pins.first().waitFor({ state: 'detached' });
  await page.locator('#undo').waitFor({ state: 'detached' });
  await page.locator('#redo').click();
  await pins.first().waitFor();
  await press(page, 'Control+Shift+Z');
  await pins.nth(1).waitFor();
  // Reset, too.
  await page.locator('#reset').click();
  await pins.first().waitFor({ state: 'detached' });
  await page.locator('#undo').click();
  await pins.nth(1).waitFor();
  // A pin that was taken out comes back, and so does the single branch.
  await pins.first().focus();
  await page.keyboard.press('Delete');
  await pins.nth(1).waitFor({ state: 'detached' });
  await press(page, 'Control+z');
  await pins.nth(1).waitFor();
  assert.equal(await page.locator('#branch').count(), 0);
  // D duplicates a pin a second later.
  await pins.first().focus();
  await page.keyboard.press('d');
  await pins.nth(2).waitFor();
  await page.locator('[data-pin][aria-label*="0:13.0"]').waitFor();
  assert.deepEqual(await complaints(witness), []);
  await context.close();
});

test('a link holds every branch, markers and the loop', async () => {
  const { page, context, witness, visitor } = await visit(webWithService);
  await visitor.goTo(12);
  await press(page, 'f', 'm', 'l', 'Shift+ArrowRight', 'l');
  await page.locator('#branch').waitFor();
  await page.locator('#fault-kill').click();
  await page.locator('[data-pin]').first().waitFor();
  await press(page, 'c');
  await page.locator('.totals').waitFor();
  await page.locator('#share').click();
  await page.waitForFunction(() => document.getElementById('share-link')?.value.includes('#1.'));
  const link = await page.locator('#share-link').inputValue();
  await context.close();
  const again = await openWatched(browser, link, { locale: 'en-US' });
  await started(again.page);
  await again.page.locator('.totals', { hasText: 'branch 2' }).waitFor();
  assert.equal(await again.page.locator('#branch option').count(), 2);
  assert.equal(await again.page.locator('#branch').inputValue(), '1');
  await again.page.getByRole('button', { name: 'Marker at 0:12.0' }).waitFor();
  await again.page.getByRole('group', { name: 'loop 0:12.0 to 0:22.0' }).waitFor();
  assert.equal(await again.page.locator('.notice').count(), 0, 'the same result');
  await again.page.locator('#branch').selectOption('0');
  await again.page.locator('[data-pin]').first().waitFor(); // of B, while compared
  assert.deepEqual(await complaints(again.witness), []);
  assert.deepEqual(await complaints(witness).catch(() => []), []);
  await again.context.close();
});

test('a run of a probe under the pointer tells how long it took', async () => {
  const { page, context, witness } = await visit(`apiVersion: v1
kind: Pod
metadata: {name: web}
spec:
  containers:
  - name: web
    image: nginx
    readinessProbe: {httpGet: {path: /, port: 80}, periodSeconds: 10, timeoutSeconds: 3}
---
apiVersion: readyz.dev/v1alpha1
kind: Scenario
spec:
  duration: 2m
  steps:
  - {at: 45s, hang: {pod: web, container: web}}
`);
  await page.evaluate(() => {
    globalThis.cards = new Set();
    new MutationObserver(() => {
      const card = document.querySelector('.card');
      if (card) globalThis.cards.add(card.textContent);
    }).observe(document.querySelector('.timeline'), { subtree: true, childList: true, characterData: true });
  });
  const [label, plot] = await Promise.all(['.label.row-readiness', '#plot'].map(one => page.locator(one).first().boundingBox()));
  const y = label.y + label.height / 2;
  for (let x = plot.x + 2; x < plot.x + plot.width; x += 5) await page.mouse.move(x, y);
  const cards = await page.evaluate(() => [...globalThis.cards]);
  assert.ok(cards.some(text => text.includes('readiness passed') && /\d ms/.test(text)), cards.join('\n'));
  assert.ok(cards.some(text => text.includes('readiness failed') && text.includes('3.0 s')), cards.join('\n'));
  assert.deepEqual(await complaints(witness), []);
  await context.close();
});
