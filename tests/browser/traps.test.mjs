// Traps that people fall into. Each case states what a visitor sees who asks only the page: what
// happened, why, and when it is back.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { complaints, launch, openWatched, servePage } from './harness.mjs';
import { goproxy, livenessExec, livenessHttp, webWithService } from './manifests.mjs';
import { near, started, Visitor } from './visitor.mjs';

let browser;
let site;

before(async () => {
  site = await servePage();
  browser = await launch();
});

after(async () => {
  await browser?.close();
  await site?.close();
});

function trap(name, manifest, look) {
  test(name, async () => {
    const { page, context, witness } = await openWatched(browser, site.url, { locale: 'en-US' });
    await started(page);
    await page.locator('#applied').waitFor({ timeout: 30_000 });
    const visitor = new Visitor(page);
    await visitor.run(manifest);
    await look({ page, visitor, see: looker(page, visitor) });
    assert.deepEqual(await complaints(witness), []);
    await context.close();
  });
}

function looker(page, visitor) {
  return {
    /** READY, STATUS, RESTARTS of the first Pod at a moment. */
    async row(seconds) {
      await visitor.goTo(seconds);
      const [, ready, status, restarts] = (await visitor.table())[0];
      return [ready, status, restarts.split(' ')[0]];
    },
    /** The first answer of the tab Why to this question, at a moment. */
    async why(seconds, question) {
      await visitor.goTo(seconds);
      await visitor.open('Why');
      const picker = page.locator('#why-question');
      await picker.locator('option', { hasText: question }).waitFor({ state: 'attached' });
      await picker.selectOption(await picker.locator('option', { hasText: question }).textContent());
      await page.waitForTimeout(200);
      return {
        answer: await page.locator('#why-answer').textContent(),
        causes: await page.locator('.causes li').allTextContents(),
      };
    },
    event: async reason => (await visitor.events()).find(event => event.reason === reason),
  };
}

const scenario = (duration, lines) => `---
apiVersion: readyz.dev/v1alpha1
kind: Scenario
metadata: {name: trap}
spec:
  duration: ${duration}
${lines}`;

const http = (probe, period, threshold) => `apiVersion: v1
kind: Pod
metadata: {name: app}
spec:
  containers:
  - name: app
    image: registry.example/app:1
    ports: [{containerPort: 8080}]
    livenessProbe:
      ${probe}
      periodSeconds: ${period}
      failureThreshold: ${threshold}
`;
const get = 'httpGet: {path: /healthz, port: 8080}';
const image = (startup, lines = '') => `  images: [{image: "registry.example/app:1", startup: ${startup}, listen: [8080]}]\n${lines}`;

trap('B01: the delay that is not the delay', goproxy, async ({ see, visitor }) => {
  assert.deepEqual(await see.row(19), ['0/1', 'Running', '0'], 'fifteen seconds are over, and nothing asked yet');
  assert.deepEqual(await see.row(24), ['1/1', 'Running', '0']);
  const { causes } = await see.why(24, 'ready');
  assert.ok(causes.some(text => /Readiness|readiness/.test(text)), causes.join('\n'));
  assert.match(await visitor.verdict('readiness'), /passed/);
});

trap('B02: N failures kill, and the phase decides when they begin',
  http(get, 10, 3) + scenario('2m', image('1s', '  steps:\n  - {at: 20s, http: {pod: app, container: app, status: 500}}\n')),
  async ({ visitor, see }) => {
    await visitor.goTo(60);
    near(await visitor.goToEvent('Killing'), 40.3, 0.8, 'the third failure');
    const { answer, causes } = await see.why(60, 'restarted');
    assert.match(answer, /was restarted/);
    assert.ok(causes.some(text => /3 of 3|failureThreshold 3/.test(text)), causes.join('\n'));
  });

trap('B04: SIGTERM is lost on a shell; the grace period passes, then SIGKILL',
  livenessExec.replace(/    livenessProbe:[\s\S]*/, '') + scenario('1m', '  steps:\n  - {at: 8s, delete: {pod: liveness-exec}}\n'),
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
  http(get, 5, 3) + scenario('3m', image('1s', '  steps:\n  - {at: 12s, http: {pod: app, container: app, latency: 3s}, for: 120s}\n')),
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
    assert.match(await visitor.gauge('readiness').locator('.unseen').first().textContent(), /failed \d+ in a row/);
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
  http('tcpSocket: {port: 8080}', 5, 3) + scenario('2m', image('1s', '  steps:\n  - {at: 20s, hang: {pod: app, container: app}}\n')),
  async ({ see, visitor }) => {
    assert.deepEqual(await see.row(110), ['1/1', 'Running', '0']);
    assert.match(await visitor.verdict('liveness'), /passed \d+ in a row/);
  });

trap('a0-flask, a4-http: /shutdown, three failures, a clean exit',
  livenessHttp + scenario('1m', '  steps:\n  - {at: 20s, exec: {pod: liveness-http, container: liveness, command: [wget, -qO-, "http://localhost:8080/shutdown"]}}\n'),
  async ({ see }) => {
    const { answer, causes } = await see.why(50, 'restarted');
    assert.match(answer, /was restarted at/);
    assert.ok(causes.some(text => /exit code 0/.test(text)), 'a kill, yet a clean exit');
  });
