// The later Wasm modules: playing does not need them, and whatever needs one gets it in time.
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { test } from 'node:test';
import { browser, site, stage } from './harness.mjs';
import { livenessExec } from './manifests.mjs';
import { pinnedToolchain, stamp } from '../../scripts/lib/toolbox.mjs';
import { encode } from '../../editor/link.js';
import { Visitor, started } from './visitor.mjs';

stage();

const examples = readdirSync(new URL('../../examples', import.meta.url)).map(name => name.replace('.yaml', ''));

/** A page where requests for later modules are answered by `answer(route, type, module)`: those of scenarios (`more`), the rest (`late`). */
async function open(answer, query = '', before = () => {}) {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, locale: 'en-US' });
  await page.addInitScript(...[before].flat());
  const asked = [];
  await page.route(/\/readyz-(more|late)-/, route => {
    const type = route.request().resourceType();
    const [, module] = /\/readyz-(more|late)-/.exec(route.request().url());
    asked.push(`${module} by ${type}`);
    return answer(route, type, module);
  });
  await page.goto(site.url + query);
  await started(page);
  return { page, visitor: new Visitor(page), asked, atStart: [...asked] };
}

const onlyWhenCalled = (route, type) => (type === 'xhr' ? route.continue() : route.abort());

/** Plays the first example to its first restart and seeks back; how later modules were asked for. */
async function play() {
  const { page, visitor, asked } = await open(onlyWhenCalled);
  await visitor.play('60×');
  await page.waitForFunction(() => Number(document.getElementById('cluster').dataset.from) > 76e9);
  await visitor.pause();
  await visitor.goTo(20);
  await page.close();
  return asked;
}

// The list of functions was made with a library built for size; others are inlined otherwise.
const isSmall = stamp('library-sources') === pinnedToolchain;

test('the first example plays without later modules; they are asked for when the page is idle', async () => {
  let asked = await play();
  if (asked.includes('more by xhr')) asked = await play(); // which functions run depends a little on timing
  assert(asked.includes('more by fetch'));
  if (isSmall) assert.deepEqual(asked, ['more by fetch'], 'playing called a function of a later module: run `make profile`');
});

/** Plays an example for a while; whether that called a function of the third module. */
async function callsLate(name) {
  const { page, visitor, asked, atStart } = await open((route, type, module) =>
    (module === 'more' ? route.continue() : onlyWhenCalled(route, type)), `?example=${name}`);
  assert.equal(atStart[0], 'more by fetch', name);
  await visitor.play('60×');
  await page.waitForTimeout(1_500);
  await page.locator('.pod-name').first().click();
  await page.close();
  return asked.includes('late by xhr');
}

test('every other example plays without the third', async () => {
  for (const name of examples) {
    const called = await callsLate(name) && await callsLate(name); // the first time by chance
    if (isSmall) assert(!called, `${name} called a function of the third module: run \`make profile\``);
  }
});

test('a function of a later module that is called too early fetches it at once', async () => {
  const { page, visitor, asked } = await open(onlyWhenCalled);
  await visitor.open('Terminal');
  await page.locator('#command').fill('kubectl get pods');
  await page.locator('#command').press('Enter');
  await page.locator('#console', { hasText: 'RESTARTS' }).waitFor();
  assert(asked.includes('more by xhr') && asked.includes('late by xhr'), `asked for ${asked}`);
  await page.close();
});

test('a page that needs a later module to begin with loads it before it starts, and the rest when it is idle', async () => {
  const link = async pairs => `#${await encode([...pairs, ['text', livenessExec]])}`;
  for (const [what, first, query, before] of [
    ['an embedded page', ['more'], '?embed=1&faults=rm,hang&lang=en'],
    ['Chinese that was kept', ['more'], '', () => localStorage.setItem('readyz.language', 'zh-Hans')],
    ['Chinese of a link', ['more'], await link([['lang', 'zh-Hans']])],
    ['Chinese that is asked for', ['more'], '?lang=zh-CN'],
    ['an English link', ['more'], await link([])],
    ['a text that was kept', ['more'], '', [text => localStorage.setItem('readyz.text', text), livenessExec]],
    ['another example', ['more'], '?example=liveness-exec'],
    ['a tab that is asked for', ['more', 'late'], '?tab=terminal'],
    ['a tab of a link', ['more', 'late'], await link([['pane', 'describe']])],
  ]) {
    const look = async () => {
      const { page, asked, atStart } = await open(route => route.continue(), query, before);
      assert.deepEqual(atStart.slice(0, first.length), first.map(module => `${module} by fetch`), what);
      await page.locator('.pod').first().waitFor({ timeout: 15_000 });
      if (what.startsWith('Chinese')) assert.equal(await page.locator('html').getAttribute('lang'), 'zh-Hans', what);
      await page.waitForFunction(() => globalThis.readyzLate.every(module => module instanceof WebAssembly.Module), null, { timeout: 15_000 });
      await page.close();
      return asked;
    };
    let asked = await look();
    if (asked.includes('late by xhr')) asked = await look(); // which functions run depends a little on timing
    if (isSmall) assert.deepEqual(asked, ['more by fetch', 'late by fetch'], what);
  }
});
