// How the page looks where colours are forced, on paper, and in Chinese; and that a changed look is
// noticed.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hasChanged, thumbnail } from '../../scripts/lib/thumbnail.mjs';
import { barriers } from './axe.mjs';
import { browser, complaints, openWatched, screenshot, site, stage } from './harness.mjs';
import { started, types, Visitor } from './visitor.mjs';

stage();

async function visit(query, options = {}) {
  const opened = await openWatched(browser, site.url + query, { locale: 'en-US', ...options });
  await started(opened.page);
  await opened.page.locator('.pod').first().waitFor({ timeout: 15_000 });
  await opened.page.locator('#editor[data-rich]').waitFor({ state: 'attached', timeout: 15_000 });
  return { ...opened, visitor: new Visitor(opened.page) };
}

test('a changed look is noticed, the same look is not', async () => {
  const { page, context } = await visit('?theme=light&example=service-readiness&t=45');
  await page.waitForTimeout(500);
  const look = async () => thumbnail(page, await page.screenshot());
  const before = await look();
  assert.ok(!hasChanged(before, await look()), 'the same');
  await page.locator('.inspector').evaluate(pane => { pane.hidden = true; pane.style.visibility = 'hidden'; });
  assert.ok(hasChanged(before, await look()), 'a pane is gone');
  await page.locator('.inspector').evaluate(pane => { pane.hidden = false; pane.style.visibility = ''; });
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.evaluate(() => { document.documentElement.dataset.theme = 'dark'; });
  await page.waitForTimeout(300);
  assert.ok(hasChanged(before, await look()), 'all colours');
  await context.close();
});

for (const scheme of ['light', 'dark']) {
  test(`with forced colours every state keeps its shape and can be told from its ground: ${scheme}`, async () => {
    const { page, context, witness } = await visit('?example=service-readiness&t=45', { forcedColors: 'active', colorScheme: scheme });
    await page.waitForTimeout(500);
    await screenshot(page, `forced-colours-${scheme}`);
    // The canvas takes its colours from the system's, too.
    const [ground, ink] = await page.evaluate(() => ['--bg', '--ink'].map(name => getComputedStyle(document.documentElement).getPropertyValue(name).trim()));
    assert.deepEqual([ground, ink], ['Canvas', 'CanvasText']);
    const drawn = await page.locator('#plot canvas').evaluate(canvas => {
      const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
      const seen = {};
      for (let at = 0; at < data.length; at += 4) if (data[at + 3] === 255) seen[data.slice(at, at + 3).join()] = (seen[data.slice(at, at + 3).join()] ?? 0) + 1;
      // What this browser makes of a colour's name on a canvas.
      const probe = canvas.parentNode.appendChild(document.createElement('canvas'));
      const pixel = probe.getContext('2d', { willReadFrequently: true });
      const colour = name => {
        pixel.fillStyle = name;
        pixel.fillRect(0, 0, 1, 1);
        return pixel.getImageData(0, 0, 1, 1).data.slice(0, 3).join();
      };
      const found = ['Canvas', 'CanvasText', 'LinkText'].map(name => [colour(name), seen[colour(name)] ?? 0]);
      probe.remove();
      return found;
    });
    // Bands and their words in the ink, failures in the colour of their own.
    const [[ground2], [ink2, inked], [failing, failed]] = drawn;
    assert.equal(new Set([ground2, ink2, failing]).size, 3, JSON.stringify(drawn));
    assert.ok(inked > 500 && failed > 100, JSON.stringify(drawn));
    // The moment can be read on its flag: some browsers put a plate of their own behind words.
    const { x, y, width, height } = await page.locator('.playhead-flag span').boundingBox();
    const flag = await page.screenshot({ clip: { x: x + 4, y: y + 3, width: width - 8, height: height - 6 } });
    const greys = await page.context().newPage().then(blank => blank.evaluate(async bytes => {
      const image = await createImageBitmap(await (await fetch(`data:image/png;base64,${bytes}`)).blob());
      const context = new OffscreenCanvas(image.width, image.height).getContext('2d');
      context.drawImage(image, 0, 0);
      const { data } = context.getImageData(0, 0, image.width, image.height);
      return Array.from({ length: data.length / 4 }, (_, at) => (data[at * 4] + data[at * 4 + 1] + data[at * 4 + 2]) / 3);
    }, flag.toString('base64')));
    assert.ok(Math.max(...greys) - Math.min(...greys) > 80, 'the flag has words');
    // What is chosen, and what a chip or a pip is, has an edge of its own.
    for (const selector of ['.pod.chosen', '.chip', '.badge', '.pip', '[aria-checked="true"]', '[aria-selected="true"]']) {
      const edges = await page.locator(selector).first().evaluate(node => {
        const style = getComputedStyle(node);
        return ['Top', 'Right', 'Bottom', 'Left'].some(side => parseFloat(style[`border${side}Width`]) > 0 && style[`border${side}Style`] !== 'none')
          || parseFloat(style.outlineWidth) > 0 && style.outlineStyle !== 'none';
      });
      assert.ok(edges, `${selector} has no edge`);
    }
    assert.deepEqual(await barriers(page), []);
    assert.deepEqual(await complaints(witness), []);
    await context.close();
  });
}

test('on paper: picture with ledger, timeline, events and text, black on white, nothing cut', async () => {
  const { page, context, witness } = await visit('?theme=dark&example=service-readiness&t=45&tab=events');
  await page.emulateMedia({ media: 'print' });
  await page.waitForTimeout(500);
  const shown = selector => page.locator(selector).first().isVisible();
  for (const selector of ['.cluster .pod', '.ledger', '#plot', '.print-sheet .events', '.print-text', '.print-link']) {
    assert.ok(await shown(selector), `${selector} is printed`);
  }
  for (const selector of ['.bar', '.transport', '.tabs', '#editor']) assert.ok(!(await shown(selector)), `${selector} is not`);
  const ground = await page.evaluate(() => [document.body, ...document.querySelectorAll('.cluster, .timeline, .pod')].map(node => getComputedStyle(node).backgroundColor));
  assert.ok(ground.every(colour => ['rgb(255, 255, 255)', 'rgba(0, 0, 0, 0)'].includes(colour)), ground.join(' '));
  assert.equal(await page.locator('html').getAttribute('data-theme'), 'light', 'ink on paper');
  assert.match(await page.locator('.print-text').textContent(), /kind: Service/);
  await page.locator('.print-link', { hasText: '#1.' }).waitFor();
  const pdf = await page.pdf({ format: 'A4' });
  assert.ok(pdf.length > 10_000);
  await page.setViewportSize({ width: 794, height: 1123 });
  await screenshot(page, 'print', { fullPage: true });
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  assert.ok(wide <= 0, `${wide} px too wide for the paper`);
  await page.emulateMedia({ media: 'screen' });
  await page.locator('html[data-theme="dark"]').waitFor();
  await page.locator('.print-sheet').waitFor({ state: 'detached' });
  assert.deepEqual(await complaints(witness), []);
  await context.close();
});

test('on paper, of a crowd only what is known: no empty list of events where they were not asked for', async () => {
  const { page, context } = await visit('?example=service-readiness&t=45');
  const visitor = new Visitor(page);
  await visitor.run(`apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec:\n  replicas: 30\n  selector: {matchLabels: {app: web}}\n  template:\n    metadata: {labels: {app: web}}\n    spec: {containers: [{name: web, image: nginx}]}\n`);
  await visitor.goTo(20);
  const paper = async () => {
    await page.emulateMedia({ media: 'print' });
    await page.locator('.print-text').waitFor();
    const sheet = await page.locator('.print-sheet').textContent();
    const ids = await page.locator('#events').count();
    const rows = await page.locator('.print-sheet .events tbody tr').count();
    await page.emulateMedia({ media: 'screen' });
    await page.locator('.print-sheet').waitFor({ state: 'detached' });
    return { sheet, ids, rows };
  };
  const without = await paper();
  assert.equal(without.rows, 0);
  assert.doesNotMatch(without.sheet, /Events|No events/);
  await visitor.open('Events');
  await page.locator('#events tbody tr').first().waitFor();
  const { rows, ids } = await paper();
  assert.ok(rows > 30, `${rows} events`);
  assert.equal(ids, 1, 'an id is there once');
  await context.close();
});

/** Words that stay English: Kubernetes' own, its fields and states, programs, keys, units. */
const allowed = new Set(`readyz kubelet kubectl curl exec Pod Pods Service Services Deployment ReplicaSet Node Namespace Container EndpointSlice
  Scenario YAML HTTP GET TCP gRPC CPU SIGTERM SIGKILL SIGINT KILL TERM OOMKilled NOT_SERVING Running Waiting Terminated Completed Error Ready NotReady
  default ready started true false preStop startup readiness liveness req s kB ms x A B x1 node English Esc Enter Space Home End PgUp PgDn Shift
  Alt Ctrl Tab Delete F8 seed 500 exit code rm kill dependencies image busybox Warning Normal Killing Unhealthy Created Started Pulled Scheduled
  failureThreshold successThreshold periodSeconds initialDelaySeconds timeoutSeconds terminationGracePeriodSeconds terminationGracePeriod
  imagePullPolicy Always Lease exitCode restartPolicy livenessProbe readinessProbe startupProbe localhost xx tmp healthy db main EN minReadySeconds Kubernetes tcp grpc`.split(/\s+/));

test('no English is left in the Chinese page', async () => {
  const { page, context, visitor } = await visit('?lang=zh-Hans&example=service-readiness&t=45', { locale: 'zh-CN' });
  // Names and values that the manifest has; its remarks are prose.
  const own = new Set((await visitor.text()).replace(/^#.*$/gm, '').match(/[A-Za-z][\w./-]*/g));
  /** Words of what is shown and what is told to readers, except the cluster's own words. */
  const words = () => page.evaluate(() => {
    const found = [];
    const own = 'noscript, code, pre, kbd, .mono, .command, .message, .reason, .object, script, style, option[value], #example, .cm-editor, #language';
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const element = node.nodeType === 1 ? node : node.parentElement;
      if (element.closest(own) || element.closest('[hidden]')) continue;
      if (node.nodeType === 3) found.push(node.data);
      else for (const name of ['aria-label', 'aria-description', 'aria-valuetext', 'title', 'placeholder', 'alt']) found.push(node.getAttribute(name) ?? '');
    }
    return found.filter(Boolean);
  });
  const left = new Map();
  const look = async place => {
    await page.waitForTimeout(250);
    for (const sentence of await words()) {
      // As the kernel says it.
      for (const [word] of sentence.replaceAll('No space left on device', '').matchAll(/[A-Za-z][\w./-]*/g)) {
        const plain = word.replace(/[./-]+$/, '');
        const parts = plain.split(/[./-]/);
        const known = one => one.length < 2 || allowed.has(one) || own.has(one) || /\d/.test(one) || /^[A-Z]{3}$/.test(one);
        if (!known(plain) && !parts.every(known)) left.set(word, `${place}: ${sentence.trim().slice(0, 80)}`);
      }
    }
  };
  for (const name of await page.getByRole('tab').allTextContents()) {
    await page.getByRole('tab', { name, exact: true }).click();
    await look(name);
  }
  await page.getByRole('radio', { name: '表格', exact: true }).click();
  await look('table');
  await page.getByRole('radio', { name: '图示', exact: true }).click();
  await page.locator('#share').click();
  await look('share');
  await page.keyboard.press('Escape');
  await page.locator('#cluster').focus();
  await page.keyboard.press('?');
  await look('help');
  await page.keyboard.press('Escape');
  await page.locator('#cluster').focus();
  await page.keyboard.press('Control+k');
  await look('commands');
  assert.deepEqual([...left].map(([word, where]) => `${word} — ${where}`), []);
  await context.close();
});

test('advice and ways out are Chinese in the Chinese page, the API server\'s words are its own', async () => {
  const { page, context, visitor } = await visit('?lang=zh-Hans', { locale: 'zh-CN' });
  const pod = probe => `apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec:\n  containers:\n  - name: web\n    image: nginx\n    ${probe}: {httpGet: {port: 80}, failureThreshold: 1}\n`;
  await visitor.paste(pod('livenesProbe'));
  const block = page.locator('.cm-editor', { hasText: '是不是 livenessProbe？' });
  await block.waitFor();
  assert.match(await block.textContent(), /strict decoding error: unknown field/);
  await visitor.paste(pod('livenessProbe'));
  await page.locator('#problem-list').click();
  const list = page.locator('#problems');
  await list.getByText('一次失败就重启容器，节点卡顿也算').waitFor();
  await list.getByText('默认是 3').waitFor();
  await context.close();
});

test('problems of the Scenario, acts in vain and pins are Chinese in the Chinese page', async () => {
  const { page, context, witness, visitor } = await visit('?lang=zh-Hans', { locale: 'zh-CN' });
  const pod = 'apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec:\n  containers:\n  - {name: web, image: nginx}\n';
  const scenario = steps => `---\napiVersion: readyz.dev/v1alpha1\nkind: Scenario\nspec:\n  steps:\n${steps}`;
  await visitor.run(pod + scenario('  - {at: 5s, hang: {pod: web, container: web}}\n'));
  await page.locator('[data-pin="hang"] text', { hasText: '卡死' }).waitFor();
  await visitor.open('终端');
  await types(page, 'fault hang pod=nobody');
  await visitor.open('故障');
  await page.locator('[data-deed="hang"] small', { hasText: '无效：没有匹配 nobody 的 Pod' }).waitFor();
  await visitor.paste(pod + scenario('  - {at: soon, kil: {pod: web}}\n'));
  const block = text => page.locator('.cm-editor .problem', { hasText: text }).first();
  await block('spec.steps[0].at：这不是时长').waitFor();
  await block('写法如 90s、1m30s 或 500ms').waitFor();
  await block('spec.steps[0].kil：Scenario 里没有这个字段').waitFor();
  await block('是不是 kill？').waitFor();
  assert.deepEqual(await complaints(witness), []);
  await context.close();
});

test('in Chinese an example says in Chinese what it shows, and keeps the numbers of its lines', async () => {
  const { page, context, witness, visitor } = await visit('', { locale: 'zh-CN' });
  const chinese = await visitor.text();
  assert.match(chinese, /^# 探针每 5 秒读一次/);
  assert.notEqual(await page.locator('#example').inputValue(), '', 'it is known as the example');
  await page.locator('#example').selectOption('service-readiness');
  await page.locator('#applied', { hasText: '第 2 版' }).waitFor();
  assert.match(await visitor.text(), /^# 一个 Service 后面有三个 Pod/);
  await page.locator('#language').click();
  assert.match(await visitor.text(), /^# 一个 Service/, 'the language of the frame leaves the text alone');
  assert.equal(await page.locator('#example').inputValue(), 'service-readiness');
  const english = await visit('', { locale: 'en-US' });
  const lines = text => text.split('\n').filter(line => !line.startsWith('#'));
  const text = await english.visitor.text();
  assert.deepEqual(lines(chinese), lines(text));
  assert.equal(chinese.split('\n').length, text.split('\n').length);
  await english.context.close();
  assert.deepEqual(await complaints(witness), []);
  await context.close();
});

test('on paper there is nothing to press', async () => {
  const { page, context } = await visit('?example=service-readiness&t=45&tab=events');
  await page.emulateMedia({ media: 'print' });
  await page.locator('.print-sheet .events').waitFor();
  assert.equal(await page.locator('.print-sheet .line-chip:visible').count(), 0);
  await context.close();
});

test('with many Services only the cables of the selected Pod are drawn', async () => {
  const { page, context, visitor } = await visit('');
  const app = number => `apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: app-${number}}\nspec:\n  replicas: 3\n  selector: {matchLabels: {app: app-${number}}}\n`
    + `  template:\n    metadata: {labels: {app: app-${number}}}\n    spec: {containers: [{name: a, image: nginx}]}\n---\n`
    + `apiVersion: v1\nkind: Service\nmetadata: {name: app-${number}}\nspec: {selector: {app: app-${number}}, ports: [{port: 80}]}\n`;
  const several = count => Array.from({ length: count }, (_, number) => app(number)).join('---\n');
  await visitor.run(several(2));
  await visitor.goTo(20);
  await page.waitForFunction(() => document.querySelectorAll('.links .link').length === 6);
  await visitor.run(several(12));
  await visitor.goTo(20);
  await page.waitForFunction(() => document.querySelectorAll('.links .link').length === 1);
  const cable = () => page.locator('.links .link').getAttribute('d');
  const before = await cable();
  await page.keyboard.press('ArrowDown');
  await page.locator('#cluster').focus();
  await page.keyboard.press('ArrowDown');
  await page.waitForFunction(former => document.querySelector('.links .link')?.getAttribute('d') !== former, before);
  assert.equal(await page.locator('.links .link').count(), 1);
  await context.close();
});

test('a back-off is as long on its card as on its lane, and the ring has room for what is left; a Pod is selected by its first container that is no init container', async () => {
  const { page, context, visitor } = await visit('');
  await visitor.run(`apiVersion: v1\nkind: Pod\nmetadata: {name: app}\nspec:\n  initContainers: [{name: prepare, image: busybox, command: [sleep, "1"]}]\n  containers:\n  - name: main\n    image: busybox\n    command: [sh, -c, "sleep 1.3; exit 1"]\n`);
  await visitor.goTo(30);
  assert.equal(await page.locator('.targets [aria-checked="true"]').innerText(), 'app / main');
  const owns = new Set();
  for (let at = 5; at < 60; at += 3) {
    await visitor.goTo(at);
    const card = page.locator('[data-container="main"] .back-off');
    if (!await card.count()) continue;
    owns.add(await card.locator('.back-off-own').textContent());
    const [left, total] = await card.locator('text').allTextContents();
    assert.match(total, /^of \d+ s$/);
    assert.ok(Number(left) <= Number(total.match(/\d+/)[0]) + 0.5, `${left} ${total}`); // the retry follows the back-off's end
  }
  assert.ok(owns.size >= 1);
  for (const own of owns) assert.match(own, /^back-off [1248]0 s$/);
  // The run ends at 3:00, in the middle of the back-off.
  const { page: short, context: other } = await visit('?example=liveness-tcp&t=175');
  assert.match(await short.locator('.back-off .ring-total').textContent(), /^of 4\d s$/);
  await other.close();
  await context.close();
});
