// The code editor: loaded late, named in both languages, left by keyboard, and replaced by a text
// area where it cannot load.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatted } from '../../editor/format.js';
import { barriers } from './axe.mjs';
import { browser, complaints, openWatched, screenshot, site, stage } from './harness.mjs';
import { livenessExec, webWithService } from './manifests.mjs';
import { slow, started, Visitor } from './visitor.mjs';

stage();

async function visit(query = '', options = {}) {
  const opened = await openWatched(browser, site.url + query, { locale: 'en-US', ...options });
  await started(opened.page);
  await opened.page.locator('.pod').first().waitFor({ timeout: 15_000, state: 'attached' });
  return { ...opened, visitor: new Visitor(opened.page) };
}

/** Puts the cursor behind the first occurrence of some words. */
async function cursorBehind({ page, visitor }, words) {
  const text = await visitor.text();
  const before = text.slice(0, text.indexOf(words) + words.length).split('\n');
  await (await visitor.editor()).focus();
  await page.keyboard.press('Control+Home');
  for (let i = 1; i < before.length; i++) await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Home');
  await page.keyboard.press('Home');
  for (let i = 0; i < before.at(-1).length; i++) await page.keyboard.press('ArrowRight');
}

const gutterLine = (page, number) => page.locator('.cm-lineNumbers .cm-gutterElement', { hasText: new RegExp(`^${number}$`) });

for (const [language, label] of [['en', 'YAML manifest'], ['zh-Hans', 'YAML 清单']]) {
  test(`coloured, named and without barriers: ${language}`, async () => {
    const { page, context, witness, visitor } = await visit(`?lang=${language}`);
    const editor = await visitor.editor();
    assert.equal(await page.locator('#yaml').count(), 0, 'the text area is gone');
    assert.equal(await editor.getAttribute('aria-label'), label);
    const colours = await editor.locator('.cm-line span').evaluateAll(spans => new Set(spans.map(span => getComputedStyle(span).color)).size);
    assert.ok(colours >= 3, `${colours} colours`);
    assert.deepEqual(await barriers(page), []);
    assert.deepEqual(await complaints(witness), []);
    await context.close();
  });
}

test('fields are completed and explained from the schema, in the page’s language', async () => {
  for (const [language, words] of [['en', 'Seconds between two runs'], ['zh-Hans', '两次探测的间隔秒数']]) {
    const opened = await visit(`?lang=${language}`);
    const { page, context, witness, visitor } = opened;
    await visitor.paste(livenessExec);
    await cursorBehind(opened, 'initialDelaySeconds: 5');
    await page.keyboard.press('Enter');
    await page.keyboard.type('timeo', { delay: 30 });
    const option = page.locator('.cm-tooltip-autocomplete li[aria-selected]');
    await option.filter({ hasText: 'timeoutSeconds' }).waitFor();
    await page.waitForTimeout(150); // what has just appeared is not taken by accident
    await page.keyboard.press('Enter');
    await page.keyboard.type('2');
    assert.match(await visitor.text(), /\n {6}timeoutSeconds: 2\n/);
    // The same words under the pointer.
    await page.locator('.cm-line', { hasText: 'periodSeconds' }).getByText('periodSeconds').hover();
    await page.locator('.cm-tooltip-hover', { hasText: words }).waitFor();
    assert.deepEqual(await barriers(page), []);
    if (language === 'en') await screenshot(page, 'editor-hover');
    assert.deepEqual(await complaints(witness), []);
    await context.close();
  }
});

test('F8 goes to a problem, Alt+Enter repairs it, Ctrl+Z brings it back', async () => {
  const { page, context, witness, visitor } = await visit();
  const broken = livenessExec.replace('livenessProbe', 'livenesProbe').replace('args:', 'arg:');
  await visitor.paste(broken);
  await page.locator('.rich .problem').nth(1).waitFor();
  assert.ok(await page.locator('.cm-content .wave.bad').count() >= 1);
  await screenshot(page, 'editor-problems');
  await page.keyboard.press('Control+Home');
  await page.keyboard.press('F8');
  const line = broken.split('\n').findIndex(text => text.includes('arg:')) + 1;
  await page.locator('.summary', { hasText: `Ln ${line}, Col 5` }).waitFor();
  await page.keyboard.press('Alt+Enter');
  await page.locator('.rich .problem').nth(1).waitFor({ state: 'detached' });
  assert.match(await visitor.text(), /\n {4}args:/);
  await page.keyboard.press('Control+z');
  assert.match(await visitor.text(), /\n {4}arg:/);
  assert.deepEqual(await complaints(witness), []);
  await context.close();
});

test('a template is told to be one, in a block that fits beside the numbers', async () => {
  const { page, context, witness, visitor } = await visit();
  await visitor.paste('apiVersion: v1\nkind: Pod\nmetadata:\n  name: {{ .Values.name }}\n');
  await page.locator('.rich .problem', { hasText: 'helm template' }).waitFor();
  const [wanted, shown] = await page.locator('.cm-scroller').evaluate(box => [box.scrollWidth, box.clientWidth]);
  assert.ok(wanted <= shown, `${wanted} pixels of text in ${shown}`);
  assert.deepEqual(await complaints(witness), []);
  await context.close();
});

test('lines fold and words are found, by keyboard', async () => {
  const opened = await visit();
  const { page, context, witness, visitor } = opened;
  await visitor.paste(livenessExec);
  await cursorBehind(opened, 'livenessProbe');
  const hidden = livenessExec.split('\n').findIndex(text => text.includes('exec:')) + 1;
  await gutterLine(page, hidden).waitFor();
  await page.keyboard.press('Control+Shift+BracketLeft');
  await gutterLine(page, hidden).waitFor({ state: 'detached' });
  await page.keyboard.press('Control+Shift+BracketRight');
  await gutterLine(page, hidden).waitFor();
  await page.keyboard.press('Control+f');
  await page.locator('.cm-search input').first().waitFor();
  await page.keyboard.type('busybox');
  await page.locator('.cm-searchMatch').first().waitFor();
  assert.deepEqual(await barriers(page), []);
  await page.keyboard.press('Escape');
  assert.deepEqual(await complaints(witness), []);
  await context.close();
});

test('Tab passes through; where one writes it indents, and Escape, then Tab leaves', async () => {
  const { page, context, visitor } = await visit();
  await visitor.paste(livenessExec);
  const inside = () => page.evaluate(() => document.activeElement?.classList.contains('rich'));
  await page.keyboard.press('Control+Home');
  await page.keyboard.press('Tab');
  assert.equal(await visitor.text(), `  ${livenessExec}`);
  assert.ok(await inside());
  await page.keyboard.press('Control+z');
  await page.locator('#summary', { hasText: /No problems|remark/ }).waitFor();
  await page.keyboard.press('Escape');
  await page.keyboard.press('Tab');
  assert.equal(await visitor.text(), livenessExec);
  await page.waitForFunction(() => !document.activeElement?.classList.contains('rich'), null, { timeout: 3_000 });
  await page.keyboard.press('Shift+Tab');
  assert.ok(await inside());
  await page.keyboard.press('Tab');
  assert.ok(!await inside());
  await page.keyboard.press('Shift+Tab');
  await page.keyboard.press('Shift+Tab');
  assert.ok(!await inside());
  assert.equal(await visitor.text(), livenessExec);
  await context.close();
});

test('what was written can be undone after a reload', async () => {
  const { page, context, visitor } = await visit();
  await visitor.run(livenessExec);
  await (await visitor.editor()).focus();
  await page.keyboard.press('Control+End');
  await page.keyboard.type('# later');
  await page.reload();
  await started(page);
  assert.ok((await visitor.text()).endsWith('# later'));
  await (await visitor.editor()).focus();
  await page.keyboard.press('Control+z');
  assert.ok(!(await visitor.text()).includes('# later'));
  await context.close();
});

test('a dropped file becomes the text', async () => {
  const { page, context, visitor } = await visit();
  await visitor.editor();
  await page.evaluate(text => {
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(new File([text], 'pod.yaml', { type: 'text/yaml' }));
    document.querySelector('#editor').dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }));
  }, livenessExec);
  await page.locator('.pod', { hasText: 'liveness-exec' }).waitFor();
  assert.equal(await visitor.text(), livenessExec);
  await context.close();
});

test('where the editor cannot load, the text area stays and works', async () => {
  const context = await browser.newContext({ locale: 'en-US', viewport: { width: 1440, height: 900 } });
  const page = await context.newPage();
  await page.route(/editor-.*\.js/, route => route.abort());
  await page.goto(site.url);
  await started(page);
  await page.locator('#applied').waitFor({ timeout: 15_000 });
  const area = page.locator('#yaml');
  await area.fill(livenessExec.replace('livenessProbe', 'livenesProbe'));
  await page.locator('#problems .problem').first().waitFor();
  await page.waitForTimeout(500);
  await area.fill(livenessExec);
  await page.locator('.pod', { hasText: 'liveness-exec' }).waitFor();
  const inside = () => area.evaluate(node => node === document.activeElement);
  await area.focus();
  await page.keyboard.press('Tab');
  assert.ok(!await inside(), 'who passes by goes on');
  await area.focus();
  await page.keyboard.press('Control+Home');
  await page.keyboard.press('Tab');
  assert.equal(await area.inputValue(), `  ${livenessExec}`);
  await page.keyboard.press('Escape');
  await page.keyboard.press('Tab');
  assert.ok(!await inside());
  await context.close();
});

test('the outline names every document and leads to it', async () => {
  const { page, context, visitor } = await visit();
  await visitor.run(webWithService);
  const outline = page.locator('.documents button');
  assert.deepEqual(await outline.allTextContents(), ['deploy/web', 'svc/web', 'scenario/web']);
  await outline.nth(1).focus();
  await page.keyboard.press('Enter');
  const line = webWithService.split('\n').findIndex(text => text === '---') + 2;
  await page.locator('.summary', { hasText: `Ln ${line}, Col 1` }).waitFor();
  await context.close();
});

test('formatting moves lines, not what they say', () => {
  const messy = 'apiVersion: v1   \nkind: Pod\nspec:\n    containers:\n        -   name: app\n            command: [sh,\n              "-c"]\n            args:\n            - |\n                a\n                  b\n\n\n            # why\n            env:\n            - {name: A, value: "it\'s"}\n---\nkind: Service\n\n\n';
  const neat = 'apiVersion: v1\nkind: Pod\nspec:\n  containers:\n    - name: app\n      command: [sh,\n        "-c"]\n      args:\n      - |\n        a\n          b\n\n\n      # why\n      env:\n      - {name: A, value: "it\'s"}\n---\nkind: Service\n';
  assert.equal(formatted(messy), neat);
  for (const text of [neat, livenessExec, webWithService]) assert.equal(formatted(text), text);
  for (const kept of ['a: |+\n  x\n\n\n', 'a: |2+\n  x\n\n', 'a: >+ # keeps\n  x\n\n\n\n']) assert.equal(formatted(kept), kept, 'empty lines that are part of the text');
  assert.equal(formatted('a: |+\n    x\n\n\nb: "|+"   \n\n\n'), 'a: |+\n  x\n\n\nb: "|+"\n');
  assert.equal(formatted('a: | # |+\n  x\n\n\n'), 'a: | # |+\n  x\n');
  const remarked = 'spec:\n    # first\n    containers:\n        # one\n        - name: app\n          # why\n          env: []\n# end\n';
  const better = 'spec:\n  # first\n  containers:\n    # one\n    - name: app\n      # why\n      env: []\n# end\n';
  assert.equal(formatted(remarked), better, 'a comment goes with what follows it');
  assert.equal(formatted(better), better);
  assert.equal(formatted('a:\n\tb: 1\n'), 'a:\n\tb: 1\n', 'what YAML forbids is left alone');
});

test('Shift+Alt+F formats, by key and by command, and can be undone', async () => {
  const { page, context, witness, visitor } = await visit();
  const deep = livenessExec.replaceAll(/^( +)(- )?/gm, (_, spaces, dash) => spaces + spaces + (dash ? '-   ' : ''));
  await visitor.paste(deep);
  await (await visitor.editor()).focus();
  await page.keyboard.press('Shift+Alt+F');
  await page.waitForFunction(text => globalThis.readyz.text() !== text, deep);
  const neat = await visitor.text();
  assert.equal(neat, formatted(deep));
  await page.locator('#summary', { hasText: /No problems|remark/ }).waitFor();
  await page.keyboard.press('Control+z');
  assert.equal(await visitor.text(), deep);
  // Without a wait, on a slow machine: see hurry.test.mjs.
  await page.locator('#cluster').focus();
  await slow(page);
  await page.keyboard.press('Control+k');
  await page.keyboard.type('format');
  await page.keyboard.press('Enter');
  await page.waitForFunction(text => globalThis.readyz.text() === text, neat);
  assert.equal(await page.locator('#branch').count(), 0, 'no letter was a shortcut of the page');
  assert.deepEqual(await complaints(witness), []);
  await context.close();
});

test('what differs from the running state is told, and shown on demand', async () => {
  const { page, context, witness, visitor } = await visit();
  await visitor.run(livenessExec);
  assert.equal(await page.locator('#diff').count(), 0);
  // Once there is a history, an edit waits.
  await visitor.goTo(12);
  await page.locator('#fault-file').click();
  await page.locator('[data-pin]').waitFor();
  await visitor.paste(livenessExec.replace('periodSeconds: 5', 'periodSeconds: 3\n      failureThreshold: 6'));
  const summary = page.locator('#diff summary');
  await summary.filter({ hasText: '+2 −1' }).waitFor();
  await summary.focus();
  await page.keyboard.press('Enter');
  const lines = await page.locator('#diff li code').allTextContents();
  assert.deepEqual(lines.map(line => line.trim()), ['periodSeconds: 5', 'periodSeconds: 3', 'failureThreshold: 6']);
  assert.deepEqual(await barriers(page), []);
  await screenshot(page, 'editor-diff');
  await page.locator('#diff li.ins').first().getByRole('button').press('Enter');
  await page.locator('.summary', { hasText: `Ln ${livenessExec.split('\n').findIndex(text => text.includes('periodSeconds')) + 1}, Col 1` }).waitFor();
  await page.locator('#diff li.ins').last().click();
  const line = livenessExec.split('\n').findIndex(text => text.includes('periodSeconds')) + 2;
  await page.locator('.summary', { hasText: `Ln ${line}, Col 1` }).waitFor();
  await page.locator('#restart').click();
  await page.locator('#diff').waitFor({ state: 'detached' });
  assert.deepEqual(await complaints(witness), []);
  await context.close();
});

test('without a history what is typed runs at once: nothing opens and shuts at each key', async () => {
  const { page, context, visitor } = await visit();
  await visitor.run(livenessExec);
  await page.evaluate(() => {
    globalThis.diffs = 0;
    new MutationObserver(changes => {
      for (const { addedNodes } of changes) for (const node of addedNodes) globalThis.diffs += Number(node.id === 'diff');
    }).observe(document.getElementById('editor'), { childList: true, subtree: true });
  });
  await (await visitor.editor()).focus();
  await page.keyboard.press('Control+End');
  await page.keyboard.type('# later');
  await page.locator('#applied').waitFor();
  assert.ok((await visitor.text()).endsWith('# later'));
  assert.equal(await page.evaluate(() => globalThis.diffs), 0);
  await context.close();
});
