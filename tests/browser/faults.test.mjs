// Every fault of the panel: by a click, its effect seen in the picture, and undone.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { barriers } from './axe.mjs';
import { browser, complaints, openWatched, screenshot, site, stage } from './harness.mjs';
import { livenessExec, webWithService } from './manifests.mjs';
import { started, Visitor } from './visitor.mjs';

stage();

const withMemory = webWithService.replace('        readinessProbe:', `        resources:
          limits: {memory: 128Mi}
        livenessProbe:
          httpGet: {path: /healthz, port: http}
          periodSeconds: 5
        readinessProbe:`);
const pod = page => page.locator('.pod').first();
const chip = (page, text) => pod(page).locator('.chip', { hasText: text }).first();
const gauge = (page, kind, text) => pod(page).locator(`[data-probe="${kind}"] .unseen`, { hasText: text }).first();
const restarts = (page, count) => pod(page).locator('.restarts b', { hasText: String(count) }).first();
/** One Pod ends, and another is on its way in its place. */
const replaced = page => page.locator('.pod[aria-label*="0 of 1 ready"]').nth(1);
const notReady = page => gauge(page, 'readiness', /failed/);

/**
 * A fault: its button, the manifest, when it is broken, when and what is seen then. `held`: the
 * button becomes "Heal"; else the act is taken back in the list of acts.
 */
const faults = [
  { id: 'kill', seen: page => restarts(page, 1), after: 3, held: false },
  { id: 'term', seen: page => restarts(page, 1), after: 5, held: false },
  { id: 'exit', seen: page => restarts(page, 1), after: 3, held: false, fill: '3' },
  { id: 'hang', seen: notReady, after: 12 },
  { id: 'memory', manifest: withMemory, seen: page => restarts(page, 1), after: 6 },
  { id: 'http', seen: notReady, after: 12, fill: '503' },
  { id: 'slow', seen: notReady, after: 14, fill: '4' },
  { id: 'http-hang', seen: notReady, after: 14 },
  { id: 'http-reset', seen: notReady, after: 12 },
  { id: 'http-empty', seen: notReady, after: 12 },
  { id: 'http-refuse', seen: notReady, after: 12 },
  { id: 'file', manifest: livenessExec, at: 12, seen: page => gauge(page, 'liveness', /failed/), after: 7 },
  { id: 'disk', seen: page => pod(page).locator('.fault', { hasText: 'disk' }), after: 1 },
  { id: 'port', seen: notReady, after: 12 },
  { id: 'drop', seen: notReady, after: 14 },
  { id: 'delete-pod', seen: replaced, after: 0.3, held: false },
  { id: 'drain', seen: replaced, after: 0.3, held: false },
];

for (const { id, manifest = webWithService, at = 20, seen, after: later, held = true, fill } of faults) {
  test(`fault ${id}: seen and undone`, async () => {
    const { page, context, witness } = await openWatched(browser, site.url, { locale: 'en-US' });
    await started(page);
    await page.locator('#applied').waitFor({ timeout: 30_000 });
    const visitor = new Visitor(page);
    await visitor.run(manifest);
    await visitor.goTo(at);
    await visitor.open('Faults');
    const before = await seen(page).count();
    assert.equal(before, 0, 'not so before');
    if (fill) await page.locator(`#fault-${id}-value`).fill(fill);
    const button = page.locator(`#fault-${id}`);
    await button.click();
    await page.locator('[data-pin]').first().waitFor();
    await visitor.goTo(at + later);
    await seen(page).waitFor({ timeout: 10_000 });
    await screenshot(page, `fault-${id}`);
    // The way back, where it was done.
    await visitor.goTo(at);
    if (held) {
      await visitor.goTo(at + 0.1);
      assert.match(await button.textContent(), /Heal/);
      await page.locator('.fault-row.active small', { hasText: 'active since 0:' }).first().waitFor();
      await button.click();
      await page.locator('.fault-row.active').waitFor({ state: 'detached' });
    } else {
      await page.locator('.deeds .button').first().click();
      await page.locator('[data-pin]').waitFor({ state: 'detached' });
    }
    await visitor.goTo(at + later);
    assert.equal(await seen(page).count(), 0, 'undone');
    assert.deepEqual(await complaints(witness), []);
    await context.close();
  });
}

test('the panel by keyboard alone: inject, the focus stays on the way back, heal', async () => {
  const { page, context, witness } = await openWatched(browser, `${site.url}?example=service-readiness&t=20`, { locale: 'en-US' });
  await started(page);
  await page.locator('.pod').first().waitFor({ timeout: 30_000 });
  await page.locator('#cluster').focus();
  await page.keyboard.press('g');
  await page.keyboard.press('f');
  await page.locator('#fault-hang').focus();
  await page.keyboard.press('Enter');
  await page.locator('#fault-hang', { hasText: 'Heal' }).waitFor();
  assert.equal(await page.evaluate(() => document.activeElement.id), 'fault-hang');
  assert.deepEqual(await barriers(page), []);
  await page.keyboard.press('Alt+ArrowRight');
  const visitor = new Visitor(page);
  await visitor.goTo(25);
  await page.locator('#fault-hang').focus();
  await page.keyboard.press('Enter');
  await page.locator('#fault-hang', { hasText: 'Inject' }).waitFor();
  assert.deepEqual(await complaints(witness), []);
  await context.close();
});

test('what cannot be done stays, disabled, with the reason', async () => {
  const { page, context } = await openWatched(browser, site.url, { locale: 'en-US' });
  await started(page);
  await page.locator('#applied').waitFor({ timeout: 30_000 });
  const visitor = new Visitor(page);
  await visitor.run(webWithService.replace(/---[\s\S]*/, ''));
  await visitor.goTo(0.2);
  for (const [id, reason] of [
    ['kill', 'No process runs'], ['http', 'No process runs'], ['file', 'No probe of this container reads a file'],
    ['port', 'Nothing listens'], ['traffic', 'No Service selects'], ['grpc', 'No probe of this container asks gRPC'],
  ]) {
    const row = page.locator('.fault-row', { has: page.locator(`#fault-${id}`) });
    assert.ok(await page.locator(`#fault-${id}`).isDisabled(), id);
    assert.match(await row.textContent(), new RegExp(reason), id);
  }
  await context.close();
});
