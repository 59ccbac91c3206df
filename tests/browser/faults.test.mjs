// Every fault of the panel: by a click, its effect seen in the picture, and undone.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { barriers } from './axe.mjs';
import { browser, complaints, openWatched, screenshot, site, stage } from './harness.mjs';
import { livenessExec, webWithService } from './manifests.mjs';
import { traps } from './traps.mjs';
import { started, Visitor } from './visitor.mjs';

stage();

const withMemory = webWithService.replace('        readinessProbe:', `        resources:
          limits: {memory: 128Mi}
        livenessProbe:
          httpGet: {path: /healthz, port: http}
          periodSeconds: 5
        readinessProbe:`);
const withGrpc = `apiVersion: v1
kind: Pod
metadata: {name: health}
spec:
  containers:
  - name: server
    image: registry.k8s.io/e2e-test-images/agnhost:2.53
    command: [/agnhost, grpc-health-checking, --port, "5000"]
    livenessProbe: {grpc: {port: 5000}, periodSeconds: 5}
`;
/** Its probe writes: the only kind that finds a full disk. */
const writing = `apiVersion: v1
kind: Pod
metadata: {name: writer}
spec:
  containers:
  - name: main
    image: busybox:1.36
    command: [sleep, 1d]
    livenessProbe:
      exec: {command: [sh, -c, echo alive > /tmp/beat]}
      periodSeconds: 5
`;
/** The image is pulled for each start, and the process is killed ten seconds after the fault. */
const pulledAlways = webWithService.replace('image: porbe-server:v1', 'image: porbe-server:v1\n        imagePullPolicy: Always')
  .replace('  traffic:', '  steps: [{at: 30s, kill: {pod: "deployment/web#1", container: server, signal: KILL}}]\n  traffic:');
const pod = page => page.locator('.pod').first();
const chip = (page, text) => pod(page).locator('.chip', { hasText: text }).first();
const gauge = (page, kind, text) => pod(page).locator(`[data-probe="${kind}"] .unseen`, { hasText: text }).first();
const restarts = (page, count) => pod(page).locator('.restarts b', { hasText: String(count) }).first();
/** One Pod ends, and another is on its way in its place. */
const replaced = page => page.locator('.pod[aria-label*="0 of 1 ready"]').nth(1);
const nodeDown = page => page.locator('.node.bad').first();
/** As `kubectl get pods` says of a Pod that was evicted and whose process ended well. */
const evicted = page => page.locator('.pod-status', { hasText: 'Completed' }).first();
const unpulled = page => page.locator('.container .chip', { hasText: /ErrImagePull|ImagePullBackOff/ }).first();
const loose = (page, text) => page.locator('.loose-faults li', { hasText: text }).first();
const ledger = (page, outcome) => page.locator('.ledger dl > div', { hasText: outcome })
  .filter({ has: page.locator('dd', { hasText: /\d\d/ }) }).first();
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
  {
    id: 'file', name: 'file, put back', manifest: livenessExec, at: 37,
    seen: page => gauge(page, 'liveness', /passed 1 in a row/), after: 4,
  },
  { id: 'disk', manifest: writing, seen: page => gauge(page, 'liveness', /failed/), after: 7 },
  { id: 'port', seen: notReady, after: 12 },
  { id: 'drop', seen: notReady, after: 14 },
  { id: 'exec', manifest: livenessExec, at: 12, seen: page => gauge(page, 'liveness', /failed/), after: 7, held: false },
  { id: 'cpu', seen: notReady, after: 14, fill: '0.001' },
  { id: 'grpc', manifest: withGrpc, seen: page => gauge(page, 'liveness', /failed/), after: 7 },
  { id: 'partition', seen: page => ledger(page, 'timed out'), after: 25, loose: 'network cut' },
  { id: 'traffic', seen: page => page.locator('.clients b', { hasText: '30' }), after: 2, fill: '30', loose: 'web: traffic' },
  { id: 'unreachable', seen: nodeDown, after: 58, loose: 'node unreachable' },
  { id: 'down', seen: nodeDown, after: 58, loose: 'node down' },
  { id: 'kubelet-stop', seen: nodeDown, after: 58, loose: 'kubelet stopped' },
  { id: 'kubelet-restart', seen: page => gauge(page, 'readiness', /passed 1 in a row/), after: 5, held: false },
  { id: 'memory-pressure', seen: evicted, after: 10, loose: 'memory pressure' },
  { id: 'disk-pressure', seen: evicted, after: 10, loose: 'disk pressure' },
  { id: 'image-missing', manifest: pulledAlways, seen: unpulled, after: 14, loose: 'image porbe-server' },
  { id: 'image-denied', manifest: pulledAlways, seen: unpulled, after: 14, loose: 'image porbe-server' },
  { id: 'dependency', manifest: traps.B11, at: 10, seen: notReady, after: 12, loose: 'db down' },
  { id: 'delete-pod', seen: replaced, after: 0.3, held: false },
  { id: 'drain', seen: replaced, after: 0.3, held: false },
];

for (const { id, name = id, manifest = webWithService, at = 20, seen, after: later, held = true, fill, loose: named } of faults) {
  test(`fault ${name}: seen and undone`, async () => {
    const { page, context, witness } = await openWatched(browser, site.url, { locale: 'en-US' });
    await started(page);
    await page.locator('#applied').waitFor({ timeout: 30_000 });
    const visitor = new Visitor(page);
    await visitor.run(manifest);
    await visitor.goTo(at);
    // The Pod that is watched, wherever the scheduler has put it.
    await page.locator('.pod-name').first().click();
    await visitor.open('Faults');
    const before = await seen(page).count();
    assert.equal(before, 0, 'not so before');
    if (fill) await page.locator(`#fault-${id}-value`).fill(fill);
    const button = page.locator(`#fault-${id}`);
    await button.click();
    await page.locator('[data-pin]').first().waitFor();
    await visitor.goTo(at + later);
    await seen(page).waitFor({ timeout: 10_000 });
    if (named) await loose(page, named).waitFor();
    await screenshot(page, `fault-${name.replaceAll(/\W+/g, '-')}`);
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
    if (named) assert.equal(await loose(page, named).count(), 0, 'no longer in force');
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

test('every kind of fault can be clicked, is explained, and has a pin with what it is about', async () => {
  const { page, context, witness } = await openWatched(browser, `${site.url}?example=service-readiness&t=20`, { locale: 'en-US' });
  await started(page);
  await page.locator('.pod').first().waitFor({ timeout: 30_000 });
  const visitor = new Visitor(page);
  await visitor.open('Terminal');
  const line = page.locator('.console-line input');
  await line.fill('fault');
  await line.press('Enter');
  const answer = page.locator('.console-entry pre').first();
  await answer.waitFor();
  const kinds = (await answer.textContent()).trim().split('\n').map(row => row.split(' ')[0]);
  assert.ok(kinds.length >= 17, kinds.join());
  await visitor.open('Faults');
  for (const kind of kinds) {
    const row = page.locator(`.fault-row[data-kind="${kind}"]`).first();
    await row.locator('summary').click();
    await row.locator('.told p').nth(1).waitFor();
    assert.ok((await row.locator('.told p').allInnerTexts()).every(text => text.length > 20), kind);
    await row.locator('summary').click();
  }
  assert.deepEqual(await barriers(page), []);
  // By step: what the terminal writes is a step of the Scenario document.
  await visitor.open('Terminal');
  const node = await page.locator('.node h2 b').first().textContent();
  for (const typed of [`fault kubelet node=${node} action=stop for=10s`, 'fault dependency name=db state=down']) {
    const before = await page.locator('[data-pin]').count();
    await line.fill(typed);
    await line.press('Enter');
    await page.waitForFunction(count => document.querySelectorAll('[data-pin]').length > count, before);
  }
  await page.locator(`[data-pin="kubelet"][aria-label*="${node}"]`).waitFor();
  await page.locator('[data-pin="db down"]').waitFor();
  await visitor.goTo(22);
  await loose(page, `${node}: kubelet stopped`).waitFor();
  await loose(page, 'db down').waitFor();
  await visitor.goTo(31);
  assert.equal(await loose(page, 'kubelet stopped').count(), 0, 'for ten seconds only');
  assert.deepEqual(await barriers(page), []);
  assert.deepEqual(await complaints(witness), []);
  await context.close();
});
