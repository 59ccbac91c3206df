// What a card says without being asked, and what a click on it, or on what lies near it, reaches.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { barriers } from './axe.mjs';
import { browser, complaints, openWatched, screenshot, site, stage } from './harness.mjs';
import { started, Visitor } from './visitor.mjs';

stage();

/** A Pod that fits on no node, one whose ConfigMap is missing, and one of two containers. */
const three = `apiVersion: v1
kind: Pod
metadata: {name: large}
spec:
  containers:
  - name: main
    image: nginx
    resources: {requests: {cpu: "64"}}
---
apiVersion: v1
kind: Pod
metadata: {name: unset}
spec:
  containers:
  - name: main
    image: nginx
    envFrom: [{configMapRef: {name: settings}}]
---
apiVersion: v1
kind: Pod
metadata: {name: pair}
spec:
  containers:
  - name: web
    image: nginx
  - name: side
    image: busybox
    command: [sleep, 1d]
    livenessProbe: {exec: {command: ["true"]}}
`;

async function visit(text) {
  const { page, witness } = await openWatched(browser, site.url, { locale: 'en-US', viewport: { width: 1440, height: 900 } });
  await started(page);
  const visitor = new Visitor(page);
  await page.locator('#applied').waitFor({ timeout: 15_000 });
  if (text) await visitor.run(text);
  return { page, witness, visitor, card: name => page.locator(`.pod[data-pod="${name}"]`) };
}

/** The first example at 0:20, with these faults. */
async function broken(...faults) {
  const visited = await visit();
  await visited.visitor.goTo(20);
  await visited.visitor.open('Faults');
  for (const fault of faults) await visited.page.locator(`#fault-${fault}`).click();
  return visited;
}

test('a Pod that waits says for what: the scheduler’s words, the kubelet’s words', async () => {
  const { page, visitor, card, witness } = await visit(three);
  await visitor.goTo(8);
  assert.equal(await card('large').locator('.waits-for').textContent(),
    '0/3 nodes are available: 3 Insufficient cpu. no new claims to deallocate, preemption: 0/3 nodes are available: 3 Preemption is not helpful for scheduling.');
  assert.equal(await card('unset').locator('.waits-for').textContent(), 'configmap "settings" not found');
  assert.equal(await card('pair').locator('.waits-for').count(), 0, 'it runs');
  await screenshot(page, 'waits-for');
  assert.deepEqual(await barriers(page), []);
  assert.deepEqual(await complaints(witness), []);
  await page.context().close();
});

test('a click on a container’s row, and Enter on its probe, select that container', async () => {
  const { page, visitor, card } = await visit(three);
  await visitor.goTo(8);
  await card('pair').locator('[data-container="side"] .container-name').click();
  await page.locator('.label.lane.open', { hasText: 'side' }).waitFor();
  await card('pair').locator('[data-container="web"] .container-name').click();
  await page.locator('.label.lane.open', { hasText: 'web' }).waitFor();
  await card('pair').locator('[data-probe="liveness"]').press('Enter');
  await page.locator('.label.lane.open', { hasText: 'side' }).waitFor();
  await page.context().close();
});

test('before anything runs the faults lead to the moment when something does', async () => {
  const { page, visitor } = await visit();
  await visitor.open('Faults');
  const kill = page.locator('#fault-kill');
  assert.ok(await kill.isDisabled(), 'at 0:00 there is no process');
  const way = page.locator('#idle button');
  assert.match(await way.textContent(), /^Go to 0:00\.\d, where it runs$/);
  await way.focus();
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => !document.getElementById('fault-kill').disabled);
  assert.equal(await way.count(), 0, 'it runs');
  await page.context().close();
});

test('a process that has ended is told before the API knows', async () => {
  const { page, visitor } = await broken('kill');
  const line = page.locator('.pod .state-line', { hasText: 'process ended, not noticed yet' });
  await line.waitFor();
  assert.equal(await page.locator('.pod .chip').first().textContent(), 'Running', 'as the API still has it');
  await visitor.goTo(22);
  await line.waitFor({ state: 'detached' });
  await page.context().close();
});

test('pins of one moment stand side by side: each can be seen and pressed', async () => {
  const { page, visitor } = await broken('hang', 'cpu', 'memory');
  const labels = page.locator('.pin rect');
  await page.waitForFunction(() => document.querySelectorAll('.pin rect').length === 3);
  const boxes = await labels.evaluateAll(all => all.map(one => one.getBoundingClientRect()).map(({ left, right }) => [left, right]));
  for (const [before, after] of [[0, 1], [1, 2]]) {
    assert.ok(boxes[after][0] >= boxes[before][1] - 1, `pin ${after} begins at ${boxes[after][0]}, the one before ends at ${boxes[before][1]}`);
  }
  await visitor.goTo(30);
  await labels.nth(1).click();
  await visitor.shows(20);
  await page.context().close();
});

test('while an edit waits the outline is that of the text, not of what runs', async () => {
  const { page, visitor } = await broken('kill');
  await visitor.paste(three);
  await page.locator('#restart').waitFor();
  await page.locator('.document', { hasText: 'unset' }).waitFor();
  assert.deepEqual(await page.locator('.document').allTextContents(), ['pod/large', 'pod/unset', 'pod/pair']);
  await page.locator('.apply .button').first().click(); // discard
  await page.locator('.document', { hasText: 'liveness-exec' }).first().waitFor();
  await page.context().close();
});
