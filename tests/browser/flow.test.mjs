// Requests on their way, while time passes.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { browser, complaints, openWatched, site, stage } from './harness.mjs';
import { started } from './visitor.mjs';

stage();

async function visit(query, options = {}) {
  const opened = await openWatched(browser, site.url + query, { locale: 'en-US', ...options });
  await started(opened.page);
  await opened.page.locator('.links').waitFor({ state: 'attached' });
  await opened.page.evaluate(() => {
    globalThis.seen = {};
    globalThis.most = 0;
    new MutationObserver(changes => {
      for (const { addedNodes } of changes) for (const node of addedNodes) {
        if (node.classList?.contains('dot')) globalThis.seen[node.textContent] = (globalThis.seen[node.textContent] ?? 0) + 1;
      }
      globalThis.most = Math.max(globalThis.most, document.querySelectorAll('.dot').length);
    }).observe(document.querySelector('.links'), { childList: true, subtree: true });
  });
  return opened;
}

const play = async (page, speed) => {
  await page.getByRole('radio', { name: speed, exact: true }).click();
  await page.getByRole('button', { name: 'Play', exact: true }).click();
};
const pause = page => page.getByRole('button', { name: 'Pause', exact: true }).click();

test('requests run along the cables and end in their outcome; at rest and in a leap none is seen', async () => {
  const { page, context, witness } = await visit('?example=service-readiness&t=28&lang=en');
  await page.waitForTimeout(300);
  await page.locator('#ruler').press('ArrowLeft');
  await page.waitForTimeout(300);
  assert.deepEqual(await page.evaluate(() => globalThis.seen), {}, 'a seek shows none');
  await play(page, '1×');
  await page.waitForFunction(() => globalThis.seen['●'] >= 5 && globalThis.seen['▲'] >= 1, null, { timeout: 20_000 });
  const dot = page.locator('.dot').first();
  await dot.waitFor({ state: 'attached' });
  const within = await page.evaluate(() => {
    const [one] = document.querySelectorAll('.dot');
    const { x, y } = one.getBoundingClientRect();
    const box = document.querySelector('.stage').getBoundingClientRect();
    return x > box.left && x < box.right && y > box.top && y < box.bottom;
  });
  assert.ok(within, 'in the picture');
  await pause(page);
  await page.waitForFunction(() => document.querySelectorAll('.dot').length === 0);
  await play(page, 'max');
  const before = await page.evaluate(() => ({ ...globalThis.seen }));
  await page.waitForTimeout(600);
  assert.deepEqual(await page.evaluate(() => globalThis.seen), before, 'above 60× none is seen');
  assert.ok(await page.evaluate(() => globalThis.most) <= 40);
  assert.deepEqual(await complaints(witness), []);
  await context.close();
});

test('where no endpoint is ready a request ends before the slice', async () => {
  const { page, context } = await visit('?example=service-readiness&t=0&lang=en');
  await play(page, '1×');
  await page.waitForFunction(() => globalThis.seen['∅'] >= 1, null, { timeout: 10_000 });
  await context.close();
});

test('with reduced motion no request moves; the ledger counts', async () => {
  const { page, context } = await visit('?example=service-readiness&t=28&lang=en', { reducedMotion: 'reduce' });
  const count = () => page.locator('.ledger h2 b').textContent();
  const before = await count();
  await play(page, '1×');
  await page.waitForFunction(former => document.querySelector('.ledger h2 b').textContent !== former, before);
  assert.deepEqual(await page.evaluate(() => globalThis.seen), {});
  await context.close();
});
