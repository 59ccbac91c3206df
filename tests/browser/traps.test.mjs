// Traps that people fall into. Each case states what a visitor sees who asks only the page: what
// happened, why, and when it is back.
import assert from 'node:assert/strict';
import { goproxy, livenessExec, livenessHttp, webWithService } from './manifests.mjs';
import { stories } from './told.mjs';
import { app, image, pod, scenario, traps } from './traps.mjs';
import { near } from './visitor.mjs';

const trap = stories('trap');
const get = 'httpGet: {path: /healthz, port: 8080}';
const http = (probe, period, threshold) => pod(app(`livenessProbe: {${probe}, periodSeconds: ${period}, failureThreshold: ${threshold}}`));

trap('B01: the delay that is not the delay', goproxy, async ({ see, visitor }) => {
  assert.deepEqual(await see.row(19), ['0/1', 'Running', '0'], 'fifteen seconds are over, and nothing asked yet');
  assert.deepEqual(await see.row(24), ['1/1', 'Running', '0']);
  const { causes } = await see.why(24, 'ready');
  assert.ok(/Readiness|readiness/.test(causes), causes);
  assert.match(await visitor.verdict('readiness'), /passed/);
});

trap('B02: N failures kill, and the phase decides when they begin',
  http(get, 10, 3) + scenario('2m', image('1s') + 'steps: [{at: 20s, http: {pod: app, container: app, status: 500}}]'),
  async ({ visitor, see }) => {
    await visitor.goTo(60);
    near(await visitor.goToEvent('Killing'), 40.3, 0.8, 'the third failure');
    const { answer, causes } = await see.why(60, 'restarted');
    assert.match(answer, /was restarted/);
    assert.ok(/3 of 3|failureThreshold 3/.test(causes), causes);
  });

trap('B04: SIGTERM is lost on a shell; the grace period passes, then SIGKILL',
  livenessExec.replace(/    livenessProbe:[\s\S]*/, '') + scenario('1m', 'steps: [{at: 8s, delete: {pod: liveness-exec}}]'),
  async ({ page, visitor }) => {
    await visitor.goTo(20);
    await visitor.sees(page.locator('.container .chip'), 'Running, stopping');
    await visitor.sees(page.locator('.sigkill'), /SIGKILL in 1[78]\./);
    await visitor.goTo(40);
    assert.equal(await page.locator('.pod').count(), 0, 'gone after thirty seconds of grace');
  });

trap('B05: the first five kills start at once, the sixth waits', livenessExec + scenario('10m', ''),
  async ({ page, visitor, see }) => {
    assert.deepEqual((await see.row(440))[2], '5');
    const [, status] = await see.row(470);
    assert.equal(status, 'CrashLoopBackOff');
    await page.locator('.container', { hasText: 'to restart' }).waitFor();
    const { answer } = await see.why(470, 'state');
    assert.match(answer, /back-off until/);
    assert.equal(await visitor.restarts().first().textContent(), '5');
  });

trap('B06: a crash loop shows Error first and CrashLoopBackOff only when the wait is long',
  livenessExec.replace(/    - touch[\s\S]*/, '    - sleep 1; exit 1\n') + scenario('6m', ''),
  async ({ see }) => {
    assert.equal((await see.row(30))[1], 'Error');
    assert.equal((await see.row(320))[1], 'CrashLoopBackOff');
    const { answer } = await see.why(320, 'state');
    assert.match(answer, /back-off until/);
  });

trap('B08: a probe whose program is missing never fails', livenessExec.replace('- cat\n        - /tmp/healthy', '- curl\n        - localhost'),
  async ({ see, page }) => {
    assert.deepEqual(await see.row(110), ['1/1', 'Running', '0']);
    const { message } = await see.event('Unhealthy') ?? await see.event('ProbeError') ?? {};
    assert.match(message ?? '', /errored and resulted in unknown state/);
    assert.equal(await page.locator('[data-reason="Killing"]').count(), 0);
  });

trap('B09: one second is the default timeout',
  http(get, 5, 3) + scenario('3m', image('1s') + 'steps: [{at: 12s, http: {pod: app, container: app, latency: 3s}, for: 120s}]'),
  async ({ see }) => {
    assert.equal((await see.row(70))[2], '3');
    const { message } = await see.event('Unhealthy');
    assert.match(message, /context deadline exceeded|Client\.Timeout/);
  });

trap('B12: readiness alone never restarts',
  webWithService.replace('  traffic:', '  steps:\n  - {at: 30s, hang: {pod: "deployment/web#1", container: server}}\n  traffic:'),
  async ({ page, visitor }) => {
    await visitor.goTo(120);
    assert.deepEqual(await visitor.restarts().allTextContents(), ['0', '0']);
    await page.locator('[data-endpoint][data-ready="false"]').first().waitFor();
    // Of the Pod that hangs, wherever it stands in the picture.
    await visitor.gauge('readiness').locator('.unseen', { hasText: /failed \d+ in a row/ }).first().waitFor({ state: 'attached' });
  });

trap('B13: killed before it ever ran', http(get, 10, 3) + scenario('2m', image('40s')),
  async ({ visitor, see }) => {
    assert.equal((await see.row(45))[2], '1');
    near(await visitor.goToEvent('Killing'), 30.3, 0.8, 'the third refusal');
    await visitor.goTo(45);
    assert.match(await visitor.verdict('liveness'), /failed \d of 3/);
  });

trap('B22: without a probe ready means that nothing was asked',
  webWithService.replace(/        readinessProbe:[\s\S]*?---/, '---').replace('image: porbe-server:v1', 'image: registry.example/app:1')
    .replace('  traffic:', '  images: [{image: "registry.example/app:1", startup: 8s, listen: [8080]}]\n  steps:\n  - {at: 30s, rollout: {deployment: web, action: restart}}\n  traffic:'),
  async ({ page, visitor }) => {
    await visitor.goTo(29);
    const refused = async () => Number(await page.locator('.ledger dl > div', { hasText: 'refused' }).locator('dd').textContent());
    const before = await refused();
    await visitor.goTo(60);
    assert.ok(await refused() - before >= 16, 'new Pods are asked before they listen');
  });

trap('B25: the kernel says hello for a process that hangs',
  http('tcpSocket: {port: 8080}', 5, 3) + scenario('2m', image('1s') + 'steps: [{at: 20s, hang: {pod: app, container: app}}]'),
  async ({ see, visitor }) => {
    assert.deepEqual(await see.row(110), ['1/1', 'Running', '0']);
    assert.match(await visitor.verdict('liveness'), /passed \d+ in a row/);
  });

trap('a0-flask, a4-http: /shutdown, three failures, a clean exit',
  livenessHttp + scenario('1m', 'steps: [{at: 20s, exec: {pod: liveness-http, container: liveness, command: [wget, -qO-, "http://localhost:8080/shutdown"]}}]'),
  async ({ see }) => {
    const { answer, causes } = await see.why(50, 'restarted');
    assert.match(answer, /was restarted at/);
    assert.ok(/exit code 0/.test(causes), 'a kill, yet a clean exit');
  });

// In each: what happened, why, when it is back.
trap('B03: condemned, but still serving', traps.B03, async ({ see, visitor, page }) => {
  await visitor.goTo(55);
  await visitor.sees(page.locator('.container .chip'), 'Running, stopping');
  assert.match(await see.countdown(), /SIGKILL in 1[5-8]\./);
  assert.equal(await see.endpoints('true'), 2, 'it never leaves its Service');
  const before = await see.ledger('timed out');
  assert.ok(before > 20, `${before} timed out`);
  const { causes } = await see.why(55, 'state');
  assert.match(causes, /iveness/);
  const { answer } = await see.why(80, 'restarted');
  assert.match(answer, /restarted at 1:1[12]/);
});

trap('B07: the database is back, the application is not', traps.B07, async ({ see, visitor, page }) => {
  const [ready, status] = await see.row(240);
  assert.deepEqual([ready, /Error|CrashLoopBackOff/.test(status)], ['0/1', true]);
  assert.match(await see.countdown(), /to restart/);
  const { answer } = await see.why(240, 'state');
  assert.match(answer, /back-off until 5:[3-5]\d|back-off until 6:/);
  // What it waits for, and since when that is back.
  const { causes } = await see.why(180, 'state');
  assert.match(causes, /app ends without db, which is down/);
  await page.locator('[data-dependency="db"]', { hasText: 'db is down' }).waitFor();
  await visitor.goTo(221);
  await page.locator('[data-dependency="db"]', { hasText: 'db is up' }).waitFor();
  await page.locator('[data-pin="db up"][aria-label*="3:40.0"]').waitFor();
  await visitor.goTo(400);
  assert.equal((await visitor.table())[0][1], '1/1', 'when its turn came');
});

trap('B10: all are killed for what none of them can help', traps.B10, async ({ see, visitor, page }) => {
  // One act, on the timeline with its end, and first among the causes.
  await visitor.goTo(75);
  await page.locator('[data-pin="db down"][aria-label*="0:45.0"] .pin-span').waitFor({ state: 'attached' }); // a line has no height
  await page.locator('.loose-faults li', { hasText: 'db down' }).waitFor();
  assert.equal(await page.locator('.fact.bad', { hasText: 'nothing listens' }).count(), 3, 'eight seconds of each start');
  assert.match((await see.why(75, 'restarted')).causes, /^0:45.*db down/);
  await visitor.goTo(130);
  assert.equal(await see.restarts(), 6);
  const { message } = await see.event('Unhealthy');
  assert.match(message, /Liveness probe failed.*503/);
  const { causes } = await see.why(130, 'restarted');
  assert.match(causes, /3 of 3|failureThreshold 3/);
  await visitor.goTo(150);
  assert.deepEqual((await visitor.table()).map(row => row[1]), ['1/1', '1/1', '1/1']);
});

trap('B11: all leave at once', traps.B11, async ({ see, visitor }) => {
  await visitor.goTo(50);
  assert.equal(await see.endpoints('true'), 0);
  const { answer } = await see.why(50, 'traffic');
  assert.match(answer, /gets no new connections/);
  await visitor.goTo(70);
  assert.equal(await see.endpoints('true'), 3, 'back within a period of the database');
  const lost = await see.ledger('no endpoint');
  assert.ok(lost >= 150 && lost <= 270, `${lost} without an endpoint`);
});

trap('B14: ready before it listens', traps.B14, async ({ see, visitor, page }) => {
  await visitor.goTo(66);
  assert.equal(await see.restarts(), 1);
  assert.equal(await see.endpoints('true'), 1, 'in the Service');
  assert.match(await visitor.verdict('liveness'), /1 of 1/, 'what killed it');
  await page.locator('.fact.bad', { hasText: 'nothing listens' }).waitFor();
  await visitor.goTo(75);
  assert.equal(await see.endpoints('true'), 0, 'the first startup probe corrects it');
  const { causes } = await see.why(75, 'ready');
  assert.match(causes, /tartup/);
  await visitor.goTo(95);
  await page.locator('.fact', { hasText: 'listens on 8080' }).waitFor();
  assert.equal(await see.endpoints('true'), 1, 'when it is back');
});

trap('B15: the silence after 25', traps.B15, async ({ see, visitor }) => {
  await visitor.goTo(140);
  const told = (await visitor.events()).filter(event => event.reason === 'Unhealthy');
  const counts = told.map(event => Number(/x(\d+)/.exec(event.age)?.[1] ?? 1));
  assert.ok(counts.reduce((a, b) => a + b) <= 26, `${counts} told`);
  const real = Number(/failed (\d+) in a row/.exec(await visitor.verdict('readiness'))[1]);
  assert.ok(real >= 28, `the gauge goes on counting: ${real}`);
  await visitor.goTo(290);
  assert.match(await visitor.verdict('readiness'), /passed \d+ in a row/, 'no event says that it is back');
  const { causes } = await see.why(290, 'ready');
  assert.match(causes, /2:3\d/);
});

trap('B16: the sins of the former container', traps.B16, async ({ see, visitor }) => {
  await visitor.goTo(12);
  assert.equal(await see.restarts(), 1);
  const killing = await (async () => { await visitor.goTo(60); return visitor.goToEvent('Killing'); })();
  near(killing, 16.3, 0.8, 'two of its own failures after two of its predecessor');
  assert.equal((await see.row(60))[2], '2');
  assert.match((await see.why(20, 'state')).answer, /back-off until 0:2\d/);
});

trap('B17: out because of the metrics', traps.B17, async ({ see, visitor }) => {
  await visitor.goTo(25);
  assert.equal((await visitor.table())[0][1], '1/2');
  assert.equal(await see.endpoints('false'), 2, 'in both Services');
  assert.match(await visitor.verdict('readiness', 'app'), /failed/);
  assert.match(await visitor.verdict('readiness', 'main'), /passed/);
  await visitor.goTo(35);
  assert.equal(await see.endpoints('true'), 2);
  assert.ok(await see.ledger('no endpoint') > 40);
});

trap('B18: the Job that never ends', traps.B18, async ({ see, page, visitor }) => {
  assert.deepEqual((await see.row(120)).slice(0, 2), ['1/2', 'NotReady']);
  await page.locator('[data-container="main"]', { hasText: 'Completed' }).waitFor();
  await visitor.sees(page.locator('[data-container="logger"] .chip'), 'Running');
  const { answer } = await see.why(120, 'state');
  assert.match(answer, /exit code 0|ended|Completed/);
});

trap('B19: killed, and counted a success', traps.B19, async ({ see }) => {
  assert.equal((await see.row(30))[1], 'Completed');
  const { message } = await see.event('Killing');
  assert.equal(message, 'Stopping container main', 'no word of liveness');
  const { causes } = await see.why(30, 'state');
  assert.match(causes, /iveness probe failed, 3 of 3|failureThreshold 3/);
});

trap('B20: the last second of traffic', traps.B20, async ({ see, visitor }) => {
  await visitor.goTo(29);
  const lost = async () => await see.ledger('refused') + await see.ledger('timed out') + await see.ledger('reset');
  const before = await lost();
  await visitor.goTo(60);
  assert.ok(await lost() > before, 'lost while endpoints still name Pods that have ended');
  assert.equal(await see.endpoints('true'), 4);
});

trap('B21: preStop spends the grace', traps.B21, async ({ see, visitor, page }) => {
  await visitor.goTo(40);
  assert.equal((await see.event('Killing')).message, 'Stopping container app');
  await visitor.goTo(30);
  await visitor.sees(page.locator('.container .chip'), 'Running, preStop');
  assert.match(await page.locator('.sigkill').textContent(), /preStop runs, grace left 20\.0 s/);
  assert.match((await see.why(30, 'state')).answer, /has been in its preStop hook since 0:20/);
  const stopping = await see.why(51, 'state');
  assert.match(stopping.causes, /preStop hook of app began; its time is taken off the grace/);
  assert.match(stopping.causes, /SIGKILL after 2 s/);
  assert.match(await see.countdown(), /SIGKILL in [01]\.\d/);
  await visitor.goTo(60);
  assert.equal(await page.locator('.pod').count(), 0);
  assert.match((await see.event('FailedPreStopHook')).message, /PreStopHook failed/);
});

trap('B23: the deadline that rolls nothing back', traps.B23, async ({ see, visitor }) => {
  await visitor.goTo(100);
  assert.equal(await see.endpoints('true'), 3);
  const ready = (await visitor.table()).map(row => row[1]);
  assert.deepEqual(ready.sort(), ['0/1', '0/1', '1/1', '1/1', '1/1']);
  const unhealthy = await see.event('Unhealthy');
  assert.match(unhealthy.message, /404/);
});

trap('B24: it works on my localhost', traps.B24, async ({ see, visitor }) => {
  assert.deepEqual(await see.row(50), ['0/1', 'Running', '0']);
  const { message } = await see.event('Unhealthy');
  assert.match(message, /dial tcp 10\.\d+\.\d+\.\d+:8080: connect: connection refused/);
  assert.match(await visitor.verdict('readiness'), /failed \d+ in a row/);
  assert.ok(await see.ledger('no endpoint') > 200);
});
