// The second Wasm module: playing does not need it, and whatever needs it gets it in time.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { browser, site, stage } from './harness.mjs';
import { livenessExec } from './manifests.mjs';
import { pinnedToolchain, stamp } from '../../scripts/lib/toolbox.mjs';
import { encode } from '../../editor/link.js';
import { Visitor, started } from './visitor.mjs';

stage();

/** A page where the second module's requests are answered by `answer(route, type)`. */
async function open(answer, query = '', before = () => {}) {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, locale: 'en-US' });
  await page.addInitScript(...[before].flat());
  const asked = [];
  await page.route(/\/readyz-late-/, route => {
    asked.push(route.request().resourceType());
    return answer(route, asked.at(-1));
  });
  await page.goto(site.url + query);
  await started(page);
  return { page, visitor: new Visitor(page), asked };
}

/** Plays the first example to its first restart and seeks back; how the second module was asked for. */
async function play() {
  const { page, visitor, asked } = await open((route, type) => (type === 'xhr' ? route.continue() : route.abort()));
  await visitor.play('60×');
  await page.waitForFunction(() => Number(document.getElementById('cluster').dataset.from) > 76e9);
  await visitor.pause();
  await visitor.goTo(20);
  await page.close();
  return asked;
}

// The list of functions was made with a library built for size; others are inlined otherwise.
const isSmall = stamp('library-sources') === pinnedToolchain;

test('the first example plays without the second module; it is asked for once, when the page is idle', async () => {
  let asked = await play();
  if (asked.includes('xhr')) asked = await play(); // which functions run depends a little on timing
  assert(asked.includes('fetch'));
  if (isSmall) assert(!asked.includes('xhr'), `asked as ${asked}: playing called a function of it; run \`make profile\``);
});

test('a function of the second module that is called too early fetches it at once', async () => {
  const { page, visitor, asked } = await open((route, type) => (type === 'xhr' ? route.continue() : route.abort()));
  await visitor.open('Terminal');
  await page.locator('#command').fill('kubectl get pods');
  await page.locator('#command').press('Enter');
  await page.locator('#console', { hasText: 'RESTARTS' }).waitFor();
  assert(asked.includes('xhr'), `asked as ${asked}`);
  await page.close();
});

test('a page that needs the second module to begin with loads it before it starts', async () => {
  const link = `#${await encode([['lang', 'zh-Hans'], ['text', livenessExec]])}`;
  for (const [what, query, before] of [
    ['an embedded page', '?embed=1&faults=rm,hang&lang=en'],
    ['Chinese that was kept', '', () => localStorage.setItem('readyz.language', 'zh-Hans')],
    ['Chinese of a link', link],
    ['Chinese that is asked for', '?lang=zh-CN'],
    ['an English link', `#${await encode([['text', livenessExec]])}`],
    ['a text that was kept', '', [text => localStorage.setItem('readyz.text', text), livenessExec]],
    ['another example', '?example=liveness-exec'],
  ]) {
    const { page, asked } = await open(route => route.continue(), query, before);
    await page.locator('.pod').first().waitFor({ timeout: 15_000 });
    if (what.startsWith('Chinese')) assert.equal(await page.locator('html').getAttribute('lang'), 'zh-Hans', what);
    await page.waitForTimeout(500);
    assert.deepEqual(asked, ['fetch'], what);
    await page.close();
  }
});
