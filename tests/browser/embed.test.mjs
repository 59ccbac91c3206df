// The page inside of another one, for a room, and by its commands' names.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { decode, encode } from '../../editor/link.js';
import { root } from '../../scripts/lib/toolbox.mjs';
import { barriers } from './axe.mjs';
import { browser, complaints, openWatched, screenshot, site, stage } from './harness.mjs';
import { livenessExec, twoContainers } from './manifests.mjs';
import { near, started, Visitor } from './visitor.mjs';

const hosts = {
  '/host.html': query => `<!doctype html><title>host</title><script type="module">
    globalThis.heard = [];
    addEventListener('message', ({ data }) => heard.push(data));
  </script><iframe sandbox="allow-scripts" src="/org/readyz/?embed=1${query}" width="640" height="420"></iframe>`,
  '/open-host.html': query => `<!doctype html><title>host</title><iframe src="/org/readyz/?embed=1${query}" width="640" height="420"></iframe>`,
  '/element.html': () => `<!doctype html><html lang="en"><title>element</title><script type="module" src="/packages/readyz-playground.js"></script>
    <readyz-playground src="/org/readyz/" theme="dark" t="12" view="pod">${livenessExec}</readyz-playground>`,
};

stage((path, response) => {
  const [, script] = /^\/packages\/(readyz-playground|link)\.js$/.exec(path) ?? [];
  if (script) {
    response.setHeader('Content-Type', 'text/javascript');
    const folder = script === 'link' ? 'editor' : 'packages/readyz-playground';
    response.end(readFileSync(join(root, folder, `${script}.js`)));
    return true;
  }
  const [page, query = ''] = path.split(';');
  if (!hosts[page]) return false;
  response.setHeader('Content-Type', 'text/html; charset=utf-8');
  response.end(hosts[page](query));
  return true;
});

async function visit(query, options = {}) {
  const opened = await openWatched(browser, site.url + query, { locale: 'en-US', ...options });
  await started(opened.page);
  await opened.page.locator('.lane').first().waitFor({ timeout: 15_000 });
  await opened.page.locator('.pod').first().waitFor({ timeout: 15_000, state: 'attached' }); // a moment after its lane
  return { ...opened, visitor: new Visitor(opened.page) };
}

const shown = (page, selector) => page.locator(selector).first().isVisible();

test('an embedded page has code, Pod and timeline, and only the faults that were asked for', async () => {
  const fragment = await encode([['text', livenessExec], ['at', '12000']]);
  for (const [language, open] of [['en', 'Open in readyz'], ['zh-Hans', '在 readyz 中打开']]) {
    const query = `?embed=1&faults=rm,kill,nonsense&lines=15-21&readonly=1&lang=${language}&theme=light#${fragment}`;
    const { page, context, witness, visitor } = await visit(query, { viewport: { width: 640, height: 420 } });
    await visitor.editor();
    assert.ok(await shown(page, '.rich') && await shown(page, '.pod') && await shown(page, '#plot'));
    assert.equal(await page.locator('.inspector').count(), 0);
    // Code at the left, the Pod beside it, the timeline below both, nothing over anything.
    const [code, pod, plot] = await Promise.all(['.rich', '.pod', '.timeline'].map(selector => page.locator(selector).first().boundingBox()));
    assert.ok(code.x === 0 && pod.x >= code.x + code.width && pod.y < plot.y, JSON.stringify({ code, pod, plot }));
    assert.ok(pod.x + pod.width <= 640 && code.y + code.height <= plot.y && plot.y + plot.height <= 420.5, JSON.stringify({ code, pod, plot }));
    assert.equal(await page.locator('.at.lines').count(), 7);
    const first = page.locator('.at.lines').first();
    await page.waitForTimeout(200); // two frames
    const [line, box] = await Promise.all([first.boundingBox(), page.locator('.cm-scroller').boundingBox()]);
    assert.ok(line.y >= box.y && line.y < box.y + box.height / 2, `highlighted lines are in sight: ${JSON.stringify({ line, box })}`);
    assert.equal(await page.locator('.cm-content').getAttribute('contenteditable'), 'false');
    assert.deepEqual(await page.locator('.embed-faults button').allTextContents(), ['rm /tmp/healthy', 'kill -9 1']);
    assert.deepEqual(await barriers(page), []);
    await screenshot(page, `embed-${language}`);
    await page.getByRole('button', { name: 'rm /tmp/healthy' }).click();
    await page.getByRole('button', { name: 'touch /tmp/healthy' }).waitFor();
    assert.equal(await page.locator('[data-pin]').count(), 1);
    const link = page.getByRole('link', { name: open });
    await page.waitForFunction(() => document.getElementById('open').href.includes('#1.'));
    assert.ok(!(await link.getAttribute('href')).includes('embed'));
    assert.deepEqual(await complaints(witness), []);
    await context.close();
  }
});

test('an embedded page shows less where there is less room, and what its address asks for', async () => {
  const looks = [
    ['?embed=1', 500, { '.pod': true, '.rich': false, '#plot': true }],
    ['?embed=1', 360, { '.pod': false, '#plot': true, '#clock': true }],
    ['?embed=1&view=pod', 640, { '.pod': true, '.rich': false, '#plot': true }],
    ['?embed=1&view=timeline&controls=none', 640, { '.pod': false, '#plot': true, '#clock': false, '#play': true }],
    ['?embed=1&controls=min', 640, { '#next': false, '#clock': true, '#play': true }],
  ];
  for (const [query, width, expected] of looks) {
    const { page, context, witness } = await visit(query, { viewport: { width, height: 420 } });
    for (const [selector, visible] of Object.entries(expected)) {
      assert.equal(await shown(page, selector), visible, `${query} at ${width}: ${selector}`);
    }
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    assert.ok(wide <= 0, `${query} at ${width}: ${wide} px too wide`);
    assert.deepEqual(await barriers(page), []);
    assert.deepEqual(await complaints(witness), []);
    await context.close();
  }
  const { page, context } = await visit('?embed=1&play=1&speed=60');
  await page.getByRole('button', { name: 'Pause' }).waitFor();
  // The whole page opens at the moment that is seen, not at that where playing began.
  const clock = of => of.locator('#clock').textContent();
  await page.waitForFunction(() => document.getElementById('clock').textContent >= '0:15');
  const coming = context.waitForEvent('page');
  await page.locator('#open').click();
  const whole = await coming;
  await started(whole);
  await whole.locator('.pod').first().waitFor({ timeout: 15_000 });
  await page.getByRole('button', { name: 'Play' }).waitFor();
  assert.equal(await clock(whole), await clock(page));
  await context.close();
});

test('for a room, picture and timeline remain', async () => {
  const { page, context, witness } = await visit('?example=service-readiness&t=45', { viewport: { width: 1280, height: 720 } });
  await page.locator('#cluster').focus();
  await page.keyboard.press('p');
  await page.locator('[data-projector]').waitFor();
  assert.ok(!(await shown(page, '.editor')) && !(await shown(page, '.inspector')));
  await page.waitForFunction(() => document.fullscreenElement === document.documentElement);
  assert.deepEqual(await barriers(page), []);
  await screenshot(page, 'projector');
  await page.keyboard.press('p');
  await page.locator('[data-projector]').waitFor({ state: 'detached' });
  await page.waitForFunction(() => !document.fullscreenElement);
  assert.deepEqual(await complaints(witness), []);
  await context.close();
});

for (const [language, word] of [['en', 'next mom'], ['zh-Hans', '下一']]) {
  test(`every command is found by its name: ${language}`, async () => {
    const { page, context, witness } = await visit(`?lang=${language}`);
    await page.locator('#cluster').focus();
    await page.keyboard.press('Control+k');
    await page.locator('#palette').waitFor();
    const all = await page.getByRole('option').count();
    assert.ok(all > 20, `${all} commands`);
    assert.deepEqual(await barriers(page), []);
    await page.keyboard.type(word);
    await page.waitForFunction(count => document.querySelectorAll('[role=option]').length < count, all);
    await page.keyboard.type('§');
    await page.locator('.commands [role=status]').waitFor();
    assert.deepEqual(await barriers(page), []);
    await page.keyboard.press('Backspace');
    await page.keyboard.press('Enter');
    await page.locator('#palette').waitFor({ state: 'detached' });
    await page.waitForFunction(() => Number(document.getElementById('cluster').dataset.from) > 0);
    assert.deepEqual(await complaints(witness), []);
    await context.close();
  });
}

test('a pin is moved by keyboard and pointer, and taken out; each forks the run', async () => {
  const { page, context, witness, visitor } = await visit('');
  await visitor.run(livenessExec);
  await visitor.goTo(12);
  await page.locator('#fault-file').click();
  const pin = page.locator('[data-pin]');
  await pin.waitFor();
  await pin.focus();
  await page.keyboard.press('Shift+ArrowRight');
  await page.locator('#branch').waitFor();
  await page.locator('[data-pin][aria-label*="0:13.0"]').waitFor();
  const box = await pin.boundingBox();
  const plot = await page.locator('#plot').boundingBox();
  await page.mouse.move(box.x + 8, box.y + 12);
  await page.mouse.down();
  await page.mouse.move(box.x + 8 + plot.width / 12, box.y + 12, { steps: 6 });
  await page.mouse.up();
  await page.locator('[data-pin][aria-label*="0:23."], [data-pin][aria-label*="0:22."]').waitFor();
  assert.equal(await page.locator('#branch option').count(), 3);
  await visitor.goTo(60);
  near(await visitor.goToEvent('Killing'), 35, 2.5, 'three misses after the file was gone');
  await pin.focus();
  await page.keyboard.press('Delete');
  await pin.waitFor({ state: 'detached' });
  assert.equal(await page.locator('#branch option').count(), 4);
  assert.deepEqual(await complaints(witness), []);
  await context.close();
});

test('container= selects a container, faults= takes rows of the panel, the version is there, nothing is kept', async () => {
  const text = twoContainers('/', '/');
  const fragment = await encode([['at', '12000'], ['text', text]]);
  const { page, context, witness } = await visit(`?embed=1&view=pod&container=nginx-8081&faults=hang,port,nonsense&t=12#${fragment}`, { viewport: { width: 900, height: 700 } });
  await page.locator('.lane.open', { hasText: 'nginx-8081' }).waitFor();
  assert.equal(await page.locator('.embed-faults button').count(), 2);
  assert.match(await page.locator('#version').textContent(), /^\d+\.\d+/);
  await page.locator('.embed-faults button').first().click();
  await page.locator('[data-container="nginx-8081"] .fault', { hasText: 'hangs' }).waitFor();
  assert.deepEqual(await page.evaluate(() => Object.keys(localStorage)), []);
  assert.deepEqual(await barriers(page), []);
  assert.deepEqual(await complaints(witness), []);
  await context.close();
});

for (const [language, run] of [['en', 'Run'], ['zh-Hans', '运行']]) {
  test(`a poster loads nothing until it is pressed: ${language}`, async () => {
    const { page, context, witness } = await openWatched(browser, `${site.url}?embed=1&poster=1&lang=${language}&t=12`, { viewport: { width: 640, height: 420 }, locale: 'en-US' });
    const button = page.getByRole('button', { name: run, exact: true });
    await button.waitFor();
    await page.waitForTimeout(500);
    assert.deepEqual(witness.asked.filter(url => /\.wasm(\.lzma)?$/.test(url)), []);
    assert.deepEqual(await barriers(page), []);
    await screenshot(page, `poster-${language}`);
    await button.press('Enter');
    await page.locator('.pod').first().waitFor({ timeout: 15_000 });
    assert.equal(await page.locator('.poster').count(), 0);
    assert.ok(witness.asked.some(url => /readyz-web-[^/]*\.wasm/.test(url)), 'now the engine is loaded');
    assert.deepEqual(await complaints(witness), []);
    await context.close();
  });
}

test('host and embed speak with each other, and nobody else is heard', async () => {
  const { page, context, witness } = await openWatched(browser, new URL('/host.html;&t=12', site.url).href, { viewport: { width: 700, height: 500 }, locale: 'en-US' });
  const frame = page.frames().find(one => one.parentFrame() === page.mainFrame());
  await started(frame);
  const heard = kind => page.evaluate(type => globalThis.heard.filter(one => one.type === type), `readyz:${kind}`);
  const hears = (kind, test) => page.waitForFunction(([type, code]) =>
    globalThis.heard.some(one => one.type === type && new Function('one', `return ${code}`)(one)), [`readyz:${kind}`, test], { timeout: 15_000 });
  const say = message => page.evaluate(words => frames[0].postMessage(words, '*'), { v: 1, ...message });
  await hears('ready', 'one.v === 1 && /^\\d/.test(one.version)');
  // As high as everything in it: the bar, the picture, the timeline.
  await hears('height', 'one.height > 150');
  const height = (await heard('height')).at(-1).height;
  assert.equal(height, Math.ceil(36 + await frame.locator('.stage').evaluate(stage => stage.getBoundingClientRect().height) + 176));
  await page.locator('iframe').evaluate((node, high) => { node.height = high; }, height);
  await frame.waitForFunction(high => innerHeight === high, height);
  assert.ok(await frame.locator('.picture').evaluate(picture => picture.scrollHeight <= picture.clientHeight), 'nothing is cut');
  await hears('moment', 'one.t === 12 && one.playing === false');
  await say({ type: 'readyz:seek', t: 52.3 });
  await hears('moment', 'one.t === 52.3');
  await frame.locator('#clock', { hasText: '0:52.3' }).waitFor();
  await say({ type: 'readyz:play' });
  await hears('moment', 'one.playing && one.t >= 52.3');
  // While it plays, too, the link leads to the moment that is told.
  await page.waitForTimeout(300);
  await say({ type: 'readyz:getState' });
  await hears('state', 'one.playing');
  const [state] = await heard('state');
  const link = Object.fromEntries((await decode(new URL(state.link).hash)).entries);
  assert.ok(state.t > 52.3, `${state.t} s`);
  assert.equal(Number(link.at), Math.round(state.t * 1e3));
  await say({ type: 'readyz:pause' });
  await frame.getByRole('button', { name: 'Play', exact: true }).waitFor();
  await say({ type: 'readyz:theme', theme: 'dark' });
  await frame.locator('html[data-theme="dark"]').waitFor();
  await say({ type: 'readyz:lang', lang: 'zh-Hans' });
  await frame.locator('html[lang="zh-Hans"]').waitFor();
  await say({ type: 'readyz:getState' });
  await hears('state', 'one.link.includes("#1.") && one.t >= 52.3 && !one.playing');
  assert.equal((await heard('ready')).length, 1);
  // Of another shape, of another version, senseless, or from elsewhere: not heard.
  await say({ type: 'readyz:seek', t: 'soon' });
  await say({ type: 'readyz:seek', t: 1, v: 2 });
  await say({ type: 'seek', t: 1 });
  await page.evaluate(() => frames[0].postMessage('readyz:seek', '*'));
  await frame.evaluate(() => postMessage({ type: 'readyz:seek', v: 1, t: 1 }, '*'));
  await page.waitForTimeout(400);
  assert.ok((await heard('moment')).every(({ t }) => t >= 12));
  assert.deepEqual(witness.errors, []);
  assert.deepEqual(witness.foreign, []);
  await context.close();
});

test('the custom element draws a poster, loads when it is pressed, and follows its attributes', async () => {
  const { page, context, witness } = await openWatched(browser, new URL('/element.html', site.url).href, { viewport: { width: 800, height: 600 }, locale: 'en-US' });
  const element = page.locator('readyz-playground');
  await element.getByRole('button', { name: 'Run' }).waitFor();
  assert.equal(page.frames().length, 1, 'nothing is loaded');
  await page.evaluate(() => {
    globalThis.moments = [];
    document.querySelector('readyz-playground').addEventListener('readyz:moment', event => moments.push(event.detail.t));
  });
  await element.getByRole('button', { name: 'Run' }).click();
  const frame = element.frameLocator('iframe');
  await frame.locator('.pod', { hasText: 'liveness-exec' }).waitFor({ timeout: 20_000 });
  await page.waitForFunction(() => moments.includes(12));
  assert.equal(await frame.locator('html').getAttribute('data-theme'), 'dark');
  await page.evaluate(() => document.querySelector('readyz-playground').seek(30));
  await page.waitForFunction(() => moments.includes(30));
  // Its sheet says 420 px: only what the page inside asks for is a height of its own.
  await page.waitForFunction(() => document.querySelector('readyz-playground').shadowRoot.querySelector('iframe').style.height !== '');
  const height = await element.locator('iframe').evaluate(node => node.offsetHeight);
  assert.ok(height > 150 && height < 800, `${height} px high`);
  // Moved, it is loaded anew and still hears.
  await page.evaluate(() => {
    moments.length = 0;
    document.body.appendChild(document.createElement('section')).append(document.querySelector('readyz-playground'));
  });
  await page.waitForFunction(() => moments.includes(12), null, { timeout: 20_000 });
  assert.deepEqual(witness.errors, []);
  await context.close();
});

test('alone, the timeline asks for as much room as its rows take', async () => {
  const { page, context } = await openWatched(browser, new URL('/host.html;&view=timeline', site.url).href, { viewport: { width: 700, height: 500 }, locale: 'en-US' });
  await page.waitForFunction(() => globalThis.heard.some(one => one.type === 'readyz:height'), null, { timeout: 20_000 });
  const height = await page.evaluate(() => globalThis.heard.findLast(one => one.type === 'readyz:height').height);
  const frame = page.frames().find(one => one.parentFrame() === page.mainFrame());
  const rows = await frame.locator('.labels .label').evaluateAll(labels => labels.reduce((sum, label) => sum + label.offsetHeight, 0));
  // Bar, edge, transport, map, ruler, rows.
  assert.equal(height, 36 + 1 + 48 + 12 + 20 + rows);
  await page.locator('iframe').evaluate((node, high) => { node.height = high; }, height);
  await frame.waitForFunction(high => innerHeight === high, height);
  assert.ok(await frame.locator('.rows').evaluate(body => body.scrollHeight <= body.clientHeight), 'no row is cut');
  await context.close();
});

test('an embedded page keeps nothing, whatever is done in it', async () => {
  const { page, context } = await openWatched(browser, new URL('/open-host.html;&t=12', site.url).href, { viewport: { width: 700, height: 500 }, locale: 'en-US' });
  const frame = page.frames().find(one => one.parentFrame() === page.mainFrame());
  await started(frame);
  await frame.locator('#editor[data-rich]').waitFor({ state: 'attached', timeout: 15_000 });
  for (const message of [{ type: 'readyz:theme', theme: 'dark' }, { type: 'readyz:lang', lang: 'zh-Hans' }]) {
    await page.evaluate(words => frames[0].postMessage({ v: 1, ...words }, '*'), message);
  }
  await frame.locator('html[data-theme="dark"][lang="zh-Hans"]').waitFor();
  await frame.locator('.cm-content').focus();
  await page.keyboard.press('Control+End');
  await page.keyboard.type('# mine');
  await frame.waitForFunction(() => globalThis.readyz.text().endsWith('# mine'));
  await frame.evaluate(() => dispatchEvent(new PageTransitionEvent('pagehide')));
  assert.deepEqual(await frame.evaluate(() => Object.keys(localStorage)), []);
  await context.close();
});

test('while no process runs, what needs one waits, and the rest can be done', async () => {
  const fragment = await encode([['at', '12000'], ['text', livenessExec]]);
  const { page, context, witness } = await visit(`?embed=1&view=pod&faults=kill,hang,port,image-missing#${fragment}`, { viewport: { width: 900, height: 700 } });
  const buttons = page.locator('.embed-faults button');
  const off = () => buttons.evaluateAll(all => all.map(button => button.disabled));
  assert.equal(await buttons.count(), 3, 'nothing listens on a port');
  assert.deepEqual(await off(), [false, false, false]);
  await buttons.first().click();
  await page.locator('.embed-faults button[disabled]').first().waitFor();
  assert.deepEqual(await off(), [true, true, false]);
  await buttons.last().click();
  await page.waitForFunction(() => document.querySelectorAll('[data-pin]').length === 2);
  assert.deepEqual(await barriers(page), []);
  assert.deepEqual(await complaints(witness), []);
  await context.close();
});
