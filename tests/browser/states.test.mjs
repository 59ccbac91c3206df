// The page in all its states: examples, languages, themes, widths, without a worker, with a lost
// one, in a sandbox; by keyboard; and without barriers in each.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { barriers } from './axe.mjs';
import { browser, complaints, openWatched, screenshot, site, stage } from './harness.mjs';
import { livenessExec } from './manifests.mjs';
import { started, Visitor } from './visitor.mjs';

stage((path, response) => {
  if (path !== '/host.html') return false;
  response.setHeader('Content-Type', 'text/html; charset=utf-8');
  response.end('<!doctype html><title>host</title><iframe sandbox="allow-scripts" src="/org/readyz/" width="1300" height="800"></iframe>');
  return true;
});

async function visit(query = '', options = {}) {
  const opened = await openWatched(browser, site.url + query, { locale: 'en-US', ...options });
  await started(opened.page);
  await opened.page.locator('.pod, #pods').first().waitFor({ timeout: 15_000, state: 'attached' });
  return { ...opened, visitor: new Visitor(opened.page) };
}

const looks = [
  ['light', '?theme=light&example=service-readiness&t=45', { width: 1440, height: 900 }],
  ['dark', '?theme=dark&example=service-readiness&t=45', { width: 1440, height: 900 }],
  ['events', '?theme=light&tab=events&t=50', { width: 1440, height: 900 }],
  ['table-dark', '?theme=dark&view=table&example=two-containers-liveness-404&t=50', { width: 1440, height: 900 }],
  ['stopping', '?theme=light&t=60', { width: 1440, height: 900 }],
  ['back-off', '?theme=dark&example=liveness-tcp&t=130', { width: 1440, height: 900 }],
  ['chinese', '?lang=zh-Hans&example=service-readiness&t=45', { width: 1440, height: 900 }],
  ['two-columns', '?theme=light&example=service-readiness&t=45', { width: 1024, height: 768 }],
  ['two-columns-yaml', '?theme=light&tab=yaml&t=45', { width: 1024, height: 768 }],
  ['phone-chinese', '?lang=zh&example=service-readiness&t=45', { width: 390, height: 844 }],
  ['phone-faults', '?tab=faults&t=45', { width: 390, height: 844 }],
];

for (const [name, query, viewport] of looks) {
  test(`no barrier and no complaint: ${name}`, async () => {
    const { page, context, witness } = await visit(query, { viewport });
    await page.waitForTimeout(300);
    await screenshot(page, `look-${name}`);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    assert.ok(wide <= 0, `the page is ${wide} px too wide`);
    assert.deepEqual(await barriers(page), []);
    assert.deepEqual(await complaints(witness), []);
    await context.close();
  });
}

test('no barrier with an error, with help open, and in an empty editor', async () => {
  const { page, context, visitor } = await visit('?theme=light');
  await visitor.paste(livenessExec.replace('livenessProbe', 'livenesProbe'));
  await page.locator('.rich .problem').waitFor();
  assert.deepEqual(await barriers(page), []);
  await page.getByRole('button', { name: 'Help and keyboard map' }).click();
  await page.getByRole('dialog').waitFor();
  assert.deepEqual(await barriers(page), []);
  await screenshot(page, 'look-help');
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await visitor.paste('');
  await page.locator('.offers').waitFor();
  assert.deepEqual(await barriers(page), []);
  await context.close();
});

test('every example runs without an error', async () => {
  const { page, context, witness, visitor } = await visit();
  const picker = page.locator('#example');
  const slugs = await picker.locator('option').evaluateAll(options => options.map(option => option.value));
  assert.ok(slugs.length >= 10);
  for (const slug of slugs) {
    await picker.selectOption(slug);
    await page.waitForFunction(wanted => document.getElementById('example').value === wanted, slug);
    await page.locator('#applied').waitFor();
    await page.locator('.lane').first().waitFor();
    assert.equal(await page.locator('#problems .bad').count(), 0, slug);
    await visitor.goTo(5);
    await page.locator('.pod').first().waitFor();
  }
  assert.deepEqual(await complaints(witness), []);
  await context.close();
});

test('the keyboard does it all', async () => {
  const { page, context, witness, visitor } = await visit();
  await page.locator('#cluster').focus();
  await page.keyboard.press('3');
  assert.equal(await page.getByRole('radio', { name: '60×' }).getAttribute('aria-checked'), 'true');
  await page.keyboard.press('Space');
  await page.getByRole('button', { name: 'Pause' }).waitFor();
  await visitor.sees(visitor.restarts(), '1');
  await page.keyboard.press('Space');
  await page.getByRole('button', { name: 'Play' }).waitFor();
  await page.keyboard.press('Home');
  await visitor.painted();
  assert.equal(await visitor.clock(), 0);
  await page.keyboard.press('.');
  await page.waitForFunction(() => Number(document.getElementById('cluster').dataset.from) > 0);
  await page.keyboard.press('Shift+ArrowRight');
  await page.keyboard.press('g');
  await page.keyboard.press('e');
  await page.locator('#events').waitFor();
  await page.keyboard.press('?');
  await page.getByRole('dialog').waitFor();
  await page.keyboard.press('Escape');
  // Arrows stay within their group of radios.
  await page.getByRole('radio', { name: '60×' }).focus();
  await page.keyboard.press('ArrowRight');
  assert.equal(await page.getByRole('radio', { name: 'max' }).getAttribute('aria-checked'), 'true');
  await page.keyboard.press('ArrowRight');
  assert.equal(await page.getByRole('radio', { name: '1×', exact: true }).getAttribute('aria-checked'), 'true');
  // In the editor the same keys are letters.
  await (await visitor.editor()).focus();
  await page.keyboard.press('Control+End');
  await page.keyboard.type('# 123');
  assert.ok((await visitor.text()).endsWith('# 123'));
  assert.deepEqual(await complaints(witness), []);
  await context.close();
});

test('the playhead scrubs both ways under the pointer', async () => {
  const { page, context, visitor } = await visit('?t=10');
  const box = await page.locator('#plot').boundingBox();
  await page.mouse.move(box.x + box.width * 0.25, box.y + 100);
  await page.mouse.down();
  await visitor.painted();
  const quarter = await visitor.clock();
  await page.mouse.move(box.x + box.width * 0.75, box.y + 100, { steps: 5 });
  await visitor.painted();
  assert.ok(await visitor.clock() > quarter * 2);
  await page.mouse.move(box.x + box.width * 0.25, box.y + 100, { steps: 5 });
  await page.mouse.up();
  await visitor.painted();
  assert.ok(Math.abs(await visitor.clock() - quarter) < 0.5);
  await context.close();
});

test('in a sandboxed frame, whose origin is opaque, the simulation runs', async () => {
  const { page, context, witness } = await openWatched(browser, new URL('/host.html', site.url).href, { viewport: { width: 1320, height: 840 }, locale: 'en-US' });
  const frame = page.frames().find(candidate => candidate.parentFrame() === page.mainFrame());
  await started(frame);
  await frame.locator('.pod').first().waitFor({ timeout: 15_000 });
  await frame.getByRole('radio', { name: '60×' }).click();
  await frame.getByRole('button', { name: 'Play' }).click();
  await frame.locator('.pod .restarts b', { hasText: '1' }).waitFor({ timeout: 15_000 });
  await screenshot(page, 'sandboxed-story');
  assert.deepEqual(witness.errors, []);
  assert.deepEqual(witness.foreign, []);
  assert.deepEqual(await frame.evaluate(() => globalThis.cspViolations), []);
  await context.close();
});

test('where workers cannot start, the engine runs in the page', async () => {
  const context = await browser.newContext({ locale: 'en-US' });
  await context.addInitScript(() => { globalThis.Worker = class { constructor() { throw new DOMException('not here', 'SecurityError'); } }; });
  const page = await context.newPage();
  await page.goto(site.url);
  await page.locator('.pod').first().waitFor({ timeout: 15_000 });
  await new Visitor(page).goTo(60);
  await page.locator('.container .chip', { hasText: 'Running, stopping' }).waitFor();
  await context.close();
});

test('a worker that dies is replaced; text, acts and moment stay', async () => {
  const context = await browser.newContext({ locale: 'en-US' });
  await context.addInitScript(() => {
    const Real = globalThis.Worker;
    globalThis.spawned = [];
    globalThis.Worker = class extends Real { constructor(...args) { super(...args); globalThis.spawned.push(this); } };
  });
  const page = await context.newPage();
  await page.goto(site.url);
  const visitor = new Visitor(page);
  await visitor.run(livenessExec);
  await visitor.goTo(12);
  await page.locator('#fault-file').click();
  await page.locator('[data-pin]').waitFor();
  await page.evaluate(() => {
    const worker = globalThis.spawned.at(-1);
    worker.dispatchEvent(new ErrorEvent('error', { message: 'unreachable', cancelable: true }));
  });
  await page.locator('.notice', { hasText: 'your text is kept' }).waitFor();
  await page.waitForFunction(() => globalThis.spawned.length === 2);
  assert.equal(await visitor.text(), livenessExec);
  await visitor.goTo(30);
  await page.locator('.container .chip', { hasText: 'Running, stopping' }).waitFor();
  assert.equal(await page.locator('[data-pin]').count(), 1);
  await page.getByRole('button', { name: 'Dismiss' }).click();
  await page.locator('.notice').waitFor({ state: 'detached' });
  await context.close();
});

test('with reduced motion nothing moves but the facts', async () => {
  const { page, context, visitor } = await visit('', { reducedMotion: 'reduce' });
  await visitor.play('1×');
  await page.waitForTimeout(1_300);
  // The dial steps from second to second.
  const sweep = () => page.locator('.dial .sweep').first().getAttribute('stroke-dasharray');
  const seen = new Set();
  for (let i = 0; i < 8; i++) {
    seen.add(await sweep());
    await page.waitForTimeout(60);
  }
  assert.ok(seen.size <= 2, `${seen.size} different dials in half a second`);
  const running = await page.evaluate(() => document.getAnimations().length);
  assert.equal(running, 0);
  await context.close();
});

test('of hundreds of Pods those that are alike are one line, which opens; what differs is seen', async () => {
  const { page, context, visitor } = await visit();
  await visitor.run(`apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 240
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, image: nginx, readinessProbe: {tcpSocket: {port: 80}}}]}
---
apiVersion: readyz.dev/v1alpha1
kind: Scenario
metadata: {name: many}
spec: {duration: 1m, steps: [{at: 20s, kill: {pod: "deployment/web#9", container: web}}]}
`);
  await visitor.goTo(40);
  await page.locator('.pod .restarts.hot').waitFor();
  assert.equal(await page.locator('.pod').count(), 2, 'the chosen Pod, and the one that was killed');
  const heaps = await page.locator('.heap b').allTextContents();
  assert.equal(heaps.reduce((sum, count) => sum + Number(count), 2), 240, heaps.join(' + '));
  assert.deepEqual(await barriers(page), []);
  await page.locator('.heap').first().focus();
  await page.keyboard.press('Enter');
  await page.waitForFunction(count => document.querySelectorAll('.pod').length === count, Number(heaps[0]) + 2);
  await context.close();
});

const tooMany = `apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 5000
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers: [{name: web, image: nginx}]
`;

for (const [language, words] of [['en', 'This is too big'], ['zh-Hans', '规模过大']]) {
  test(`a run that is too big says which limit it met, and the page lives: ${language}`, async () => {
    const { page, context, witness, visitor } = await visit(`?lang=${language}`);
    await visitor.paste(tooMany);
    await page.locator('#limit', { hasText: words }).waitFor({ timeout: 60_000 });
    assert.match(await page.locator('#limit').textContent(), /2000 Pods/);
    assert.match(await page.locator('#limit').textContent(), language === 'en' ? /the run stopped at \d+ s: / : /运行到 \d+ 秒处停止，超过了 2000 Pods 的上限。/);
    assert.deepEqual(await barriers(page), []);
    await screenshot(page, `too-big-${language}`);
    await visitor.paste(livenessExec);
    await page.locator('.pod', { hasText: 'liveness-exec' }).waitFor();
    await page.locator('#limit').waitFor({ state: 'detached' });
    assert.deepEqual(await complaints(witness), []);
    await context.close();
  });
}

test('a text that is too long is refused by its size at once, and another one runs', async () => {
  const { page, context, witness, visitor } = await visit();
  await visitor.editor();
  const long = `${livenessExec}# ${'x'.repeat(1_100_000)}\n`;
  await page.evaluate(text => {
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(new File([text], 'pod.yaml', { type: 'text/yaml' }));
    document.querySelector('#editor').dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }));
  }, long);
  await page.locator('.problem', { hasText: 'longer than 1 MB' }).first().waitFor({ timeout: 15_000 });
  await visitor.paste(livenessExec);
  await page.locator('.pod', { hasText: 'liveness-exec' }).waitFor();
  assert.deepEqual(await complaints(witness), []);
  await context.close();
});

/** Whether the chosen Pod's card stands within the picture, neither below nor above its edge. */
const chosenIsInSight = page => page.waitForFunction(() => {
  const [card, whole] = ['.pod.chosen', '.picture'].map(one => document.querySelector(one)?.getBoundingClientRect());
  return card && card.top >= whole.top - 1 && card.bottom <= whole.bottom + 1;
});

test('the chosen Pod is in sight, whichever node it is on', async () => {
  const { page, context, witness, visitor } = await visit();
  await chosenIsInSight(page);
  await visitor.paste(`apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 18
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, image: nginx, readinessProbe: {tcpSocket: {port: 80}}}]}
`);
  await visitor.goTo(30);
  await page.waitForFunction(() => document.querySelectorAll('.pod').length === 18);
  for (const which of ['last', 'first']) {
    await page.locator('.labels .lane button, .labels button').filter({ hasText: 'web' })[which]().click();
    await page.locator('.pod.chosen').waitFor();
    await chosenIsInSight(page);
  }
  assert.deepEqual(await complaints(witness), []);
  await context.close();
});

test('the first visit has a hint of three lines; dismissed, it stays away', async () => {
  const { page, context, witness } = await visit();
  const hint = page.locator('#hint');
  assert.equal(await hint.locator('li').count(), 3);
  assert.deepEqual(await barriers(page), []);
  await hint.getByRole('button').focus();
  await page.keyboard.press('Enter');
  await hint.waitFor({ state: 'detached' });
  await page.reload();
  await started(page);
  await page.locator('.pod').first().waitFor();
  assert.equal(await hint.count(), 0);
  assert.deepEqual(await complaints(witness), []);
  await context.close();
});

for (const [language, said, again] of [['en-US', 'could not be loaded', 'Retry'], ['zh-CN', '无法加载', '重试']]) {
  test(`without its module the page says which file and why, and tries again: ${language}`, async () => {
    const context = await browser.newContext({ locale: language, viewport: { width: 1440, height: 900 } });
    const page = await context.newPage();
    let broken = true;
    await page.route(/readyz-web-.*\.wasm/, route => (broken ? route.abort() : route.continue()));
    await page.goto(site.url);
    const notice = page.locator('.notice', { hasText: said });
    await notice.waitFor();
    assert.match(await notice.textContent(), /readyz-web-\w+\.wasm/);
    assert.match(await page.locator('#yaml').inputValue(), /kind: Pod/, 'the text can be copied');
    assert.deepEqual(await barriers(page), []);
    await screenshot(page, `wasm-failed-${language}`);
    broken = false;
    await notice.getByRole('button', { name: again }).click();
    await started(page);
    await page.locator('.pod').first().waitFor({ timeout: 15_000 });
    await context.close();
  });
}

test('errors before anything ran: the picture says so, and a repaired text runs', async () => {
  const { encode } = await import('../../editor/link.js');
  const broken = await encode([['text', livenessExec.replace('livenessProbe', 'livenesProbe')]]);
  const viewport = { width: 1024, height: 768 }; // where the text is not beside the picture
  const { page, context } = await openWatched(browser, `${site.url}#${broken}`, { locale: 'en-US', viewport });
  await started(page);
  const empty = page.locator('.cluster .empty', { hasText: 'Nothing runs yet' });
  await empty.waitFor({ timeout: 15_000 });
  assert.match(await empty.textContent(), /L\d+ .*livenesProbe/s, 'what is wrong, and where');
  assert.deepEqual(await barriers(page), []);
  await empty.getByRole('button', { name: /^L\d+$/ }).focus();
  await page.keyboard.press('Enter');
  await page.locator('.page[data-pane=yaml]').waitFor();
  await page.locator('.cm-activeLine', { hasText: 'livenesProbe' }).waitFor();
  await new Visitor(page).paste(livenessExec);
  await page.locator('.pod', { hasText: 'liveness-exec' }).waitFor();
  await context.close();
});

test('a namespace that is missing is told where it stands, and its fix brings the Pods', async () => {
  const { page, context } = await openWatched(browser, site.url, { locale: 'en-US' });
  await started(page);
  const visitor = new Visitor(page);
  await visitor.paste(livenessExec.replace('metadata:\n', 'metadata:\n  namespace: shop\n'));
  const empty = page.locator('.picture .empty');
  await empty.filter({ hasText: 'namespaces "shop" not found' }).waitFor();
  await page.locator('.summary', { hasText: '1 error' }).waitFor();
  assert.deepEqual(await barriers(page), []);
  await empty.getByRole('button', { name: /^L\d+$/ }).click();
  await page.getByRole('button', { name: 'Fix: add kind: Namespace' }).click();
  await page.locator('.pod', { hasText: 'liveness-exec' }).waitFor();
  assert.equal(await visitor.text().then(text => text.split('\n')[1]), 'kind: Namespace');
  await context.close();
});

test('a moment without Pods is told apart from a text that brings none', async () => {
  const { page, context } = await openWatched(browser, site.url, { locale: 'en-US' });
  await started(page);
  const visitor = new Visitor(page);
  const empty = page.locator('.picture .empty');
  await visitor.paste('apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\n');
  await empty.filter({ hasText: 'A Pod, Deployment, ReplicaSet' }).waitFor();
  await visitor.paste(`apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, image: nginx}]}
`);
  await empty.filter({ hasText: /^No Pods at this moment\./ }).waitFor();
  await context.close();
});
