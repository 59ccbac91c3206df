// The page inside of another one, for a room, and by its commands' names.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encode } from '../../editor/link.js';
import { barriers } from './axe.mjs';
import { browser, complaints, openWatched, screenshot, site, stage } from './harness.mjs';
import { livenessExec } from './manifests.mjs';
import { near, started, Visitor } from './visitor.mjs';

stage();

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
  await context.close();
});

test('for a room, picture and timeline remain', async () => {
  const { page, context, witness } = await visit('?example=service-readiness&t=45', { viewport: { width: 1280, height: 720 } });
  await page.locator('#cluster').focus();
  await page.keyboard.press('p');
  await page.locator('[data-projector]').waitFor();
  assert.ok(!(await shown(page, '.editor')) && !(await shown(page, '.inspector')));
  assert.deepEqual(await barriers(page), []);
  await screenshot(page, 'projector');
  await page.keyboard.press('p');
  await page.locator('[data-projector]').waitFor({ state: 'detached' });
  assert.deepEqual(await complaints(witness), []);
  await context.close();
});

for (const [language, word] of [['en', 'next mom'], ['zh-Hans', '下一']]) {
  test(`every command is found by its name: ${language}`, async () => {
    const { page, context, witness } = await visit(`?lang=${language}`);
    await page.locator('#cluster').focus();
    await page.keyboard.press('Control+k');
    await page.locator('#command').waitFor();
    const all = await page.getByRole('option').count();
    assert.ok(all > 20, `${all} commands`);
    assert.deepEqual(await barriers(page), []);
    await page.keyboard.type(word);
    await page.waitForFunction(count => document.querySelectorAll('[role=option]').length < count, all);
    await page.keyboard.press('Enter');
    await page.locator('#command').waitFor({ state: 'detached' });
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
