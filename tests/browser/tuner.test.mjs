// The tuner: numbers of a probe, tried on an app that behaves as one says.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { barriers } from './axe.mjs';
import { browser, complaints, openWatched, site, stage } from './harness.mjs';
import { livenessExec, livenessHttp } from './manifests.mjs';
import { started, Visitor } from './visitor.mjs';

stage();

async function visit(manifest, locale = 'en-US') {
  const opened = await openWatched(browser, site.url, { locale });
  await started(opened.page);
  const visitor = new Visitor(opened.page);
  await visitor.run(manifest);
  await visitor.goTo(10);
  await opened.page.locator('#tab-timing').click();
  return { ...opened, visitor };
}

/** The points, as the list tells them: numbers, seconds down, needless restarts an hour. */
const points = page => page.locator('#tuned option').evaluateAll(options => options.map(({ textContent }) => {
  const [period, failures] = textContent.match(/\d+/g).map(Number);
  const [, down, needless] = textContent.match(/([\d.]+) s, ([\d.]+)/).map(Number);
  return { period, failures, down, needless, now: textContent.includes('now') };
}));

const done = page => page.getByText('200 of 200 lives').waitFor({ timeout: 60_000 });

test('a sweep shows the price of haste and of patience; a press in the plot picks, and the YAML gets it', async () => {
  const { page, context, witness, visitor } = await visit(livenessHttp);
  await page.locator('#sweep').click();
  await done(page);
  const all = await points(page);
  assert.equal(all.filter(point => point.now).length, 1);
  const at = (period, failures) => all.find(point => point.period === period && point.failures === failures);
  assert.ok(at(30, 5).down > 100 && at(30, 5).needless === 0, JSON.stringify(at(30, 5)));
  assert.ok(at(10, 1).down < 20 && at(10, 1).needless > 1, JSON.stringify(at(10, 1)));
  assert.ok(await page.locator('#write-tuned').isDisabled(), 'what there is need not be written');
  const dots = page.locator('.tuner-plot circle');
  assert.equal(await dots.count(), all.length);
  const title = await dots.evaluateAll(found => found.map(dot => dot.textContent).find(text => text.startsWith('30 s × 5')));
  await page.locator('.tuner-plot').scrollIntoViewIfNeeded();
  const place = await dots.evaluateAll(found => {
    const box = found.find(dot => dot.textContent.startsWith('30 s × 5')).getBoundingClientRect();
    return [box.x + box.width / 2, box.y + box.height / 2];
  });
  await page.mouse.click(...place);
  await visitor.sees(page.locator('.tuner .this-run'), title);
  assert.deepEqual(await barriers(page), []);
  await page.locator('#write-tuned').click();
  await page.waitForFunction(() => /periodSeconds: 30\n/.test(globalThis.readyz.text()));
  assert.match(await visitor.text(), /failureThreshold: 5/);
  await page.locator('#tuned option', { hasText: '30 s × 5' }).filter({ hasText: 'now' }).waitFor({ state: 'attached' });
  assert.deepEqual(await complaints(witness), []);
  await context.close();
});

test('by keyboard: the behaviour, the sweep, the list, the YAML; other behaviour, other points', async () => {
  const { page, context, visitor } = await visit(livenessHttp);
  await page.locator('#sweep').focus();
  await page.keyboard.press('Enter');
  await done(page);
  const before = await points(page);
  const pause = page.getByLabel('pauses up to');
  await pause.focus();
  await page.keyboard.press('Control+a');
  await page.keyboard.type('0');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  await page.keyboard.press('ArrowDown'); // then it: answers 500
  await page.keyboard.press('Tab');
  await page.keyboard.press('Space');
  await page.getByText('200 of 200 lives').waitFor({ state: 'hidden' });
  await done(page);
  const after = await points(page);
  const of = (list, period, failures) => list.find(point => point.period === period && point.failures === failures);
  assert.ok(of(before, 15, 1).needless > 1);
  assert.equal(of(after, 15, 1).needless, 0, 'without pauses nothing is needless');
  assert.ok(of(before, 15, 3).down - of(after, 15, 3).down > 0.4, 'an error is seen a timeout earlier');
  await page.locator('#tuned').focus();
  await page.keyboard.press('Home');
  await visitor.sees(page.locator('.tuner .this-run'), '1 s × 1');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => /periodSeconds: 1\n/.test(globalThis.readyz.text()));
  await context.close();
});

test('a command is not swept: what makes it fail is not known', async () => {
  const { page, context } = await visit(livenessExec);
  await page.locator('.tuner', { hasText: 'A command decides' }).waitFor();
  assert.equal(await page.locator('#sweep').count(), 0);
  await context.close();
});
