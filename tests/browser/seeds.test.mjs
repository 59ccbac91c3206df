// The stories that people tell about probes, each from its pasted manifest. Moments are those of
// recordings of the real thing, within what phases and jitter allow.
import assert from 'node:assert/strict';
import * as manifests from './manifests.mjs';
import { stories } from './told.mjs';
import { near } from './visitor.mjs';

const story = stories('story');

/** Runs a step of the Scenario document at the playhead, as an edit of the text. */
const withStep = (manifest, step) => `${manifest}---
apiVersion: readyz.dev/v1alpha1
kind: Scenario
metadata: {name: story}
spec:
  duration: 4m
  steps:
  - ${step}
`;

story('readiness asks for a page that is not there: running, never ready, never restarted', manifests.readiness404, async ({ page, visitor, see }) => {
  assert.deepEqual(await see.row(60), ['0/1', 'Running', '0']);
  const unhealthy = (await visitor.events()).find(event => event.reason === 'Unhealthy');
  assert.equal(unhealthy.message, 'Readiness probe failed: HTTP probe failed with statuscode: 404');
  assert.match(await visitor.verdict('readiness'), /failed \d+ in a row, threshold 3/);
  assert.equal(await page.locator('[data-reason="Killing"]').count(), 0);
});

story('liveness with test -e: restarted after the file is gone at 1:00', manifests.livenessTest, async ({ page, visitor, see }) => {
  assert.deepEqual(await see.row(59), ['1/1', 'Running', '0']);
  await visitor.goTo(120);
  const killing = await visitor.goToEvent('Killing');
  near(killing, 67, 3, 'three misses, three seconds apart');
  assert.deepEqual(await see.row(killing + 33), ['1/1', 'Running', '1']);
});

story('liveness by TCP connect: nothing happens to a server that listens', manifests.livenessTcp, async ({ page, visitor, see }) => {
  assert.deepEqual(await see.row(120), ['1/1', 'Running', '0']);
  assert.match(await visitor.verdict('liveness'), /passed \d+ in a row/);
});

story('liveness on a named port: the page is deleted, 404 three times, restarted with its page',
  withStep(manifests.livenessNamedPort, '{at: 20s, exec: {pod: liveness-httpget-pod, container: liveness-httpget-container, command: [rm, /usr/share/nginx/html/index.html]}}'),
  async ({ page, visitor, see }) => {
    await visitor.goTo(60);
    const unhealthy = (await visitor.events()).find(event => event.reason === 'Unhealthy');
    assert.equal(unhealthy.message, 'Liveness probe failed: HTTP probe failed with statuscode: 404');
    near(await visitor.goToEvent('Killing'), 27, 3.5, 'three misses, three seconds apart');
    assert.deepEqual(await see.row(60), ['1/1', 'Running', '1']);
  });

story('liveness over HTTP: /shutdown makes it answer 500; SIGTERM is handled, so no grace period passes',
  withStep(manifests.livenessHttp, '{at: 20s, exec: {pod: liveness-http, container: liveness, command: [wget, -qO-, "http://localhost:8080/shutdown"]}}'),
  async ({ page, visitor, see }) => {
    await visitor.goTo(60);
    const unhealthy = (await visitor.events()).find(event => event.reason === 'Unhealthy');
    assert.equal(unhealthy.message, 'Liveness probe failed: HTTP probe failed with statuscode: 500');
    const killing = await visitor.goToEvent('Killing');
    near(killing, 27.5, 3, 'three misses, three seconds apart');
    assert.deepEqual(await see.row(killing + 4), ['1/1', 'Running', '1']);
  });

story('TCP readiness and liveness on one port: ready only after the initial delay', manifests.goproxy, async ({ page, visitor, see }) => {
  assert.deepEqual(await see.row(10), ['0/1', 'Running', '0']);
  assert.deepEqual(await see.row(40), ['1/1', 'Running', '0']);
});

story('a startup probe holds liveness back until the server listens', manifests.startup, async ({ page, visitor, see }) => {
  await visitor.goTo(15);
  assert.equal(await visitor.verdict('liveness'), 'liveness probe: held until startup passes');
  assert.equal(await page.locator('.lamp[data-on="true"]').count(), 0);
  await visitor.goTo(60);
  assert.equal(await visitor.verdict('startup'), 'startup probe: passed');
  assert.match(await visitor.verdict('liveness'), /passed \d in a row/);
  assert.deepEqual(await see.row(60), ['1/1', 'Running', '0']);
});

story('two containers, all well: one Pod in two Services', manifests.twoContainers('/', '/'), async ({ page, visitor, see }) => {
  assert.deepEqual(await see.row(40), ['2/2', 'Running', '0']);
  await page.locator('[data-endpoint][data-ready="true"]').nth(1).waitFor();
});

story('two containers, liveness 404: one restarts, the other and the IP stay', manifests.twoContainers('/hehe', '/'), async ({ page, visitor, see }) => {
  await visitor.goTo(15);
  const address = (await visitor.table())[0][5];
  await visitor.goTo(60);
  const killing = (await visitor.events()).find(event => event.reason === 'Killing');
  assert.equal(killing.message, 'Container nginx-8081 failed liveness probe, will be restarted');
  const [, , , restarts, , ip] = (await visitor.table())[0];
  assert.ok(Number(restarts.split(' ')[0]) >= 1);
  assert.equal(ip, address);
  assert.match(await visitor.verdict('liveness', 'nginx-8080'), /passed \d+ in a row/);
});

story('two containers, readiness 404: READY 1/2 and not ready in both Services', manifests.twoContainers('/', '/hehe'), async ({ page, visitor, see }) => {
  assert.deepEqual(await see.row(60), ['1/2', 'Running', '0']);
  await page.locator('[data-endpoint][data-ready="false"]').nth(1).waitFor();
  assert.equal(await page.locator('[data-endpoint][data-ready="true"]').count(), 0);
});
