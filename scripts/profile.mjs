// Which functions of the Wasm module run, and which regions of them: `make profile`. The answers are two lists: what
// playing the first example runs (scripts/playing.txt.gz), and what other scenarios run, their faults and the panels
// that tell causes (scripts/scenarios.txt.gz). The build makes a module of each, and puts everything else into a third.
// What a former profile met stays in a list as long as the code is there, for some of it runs only by chance;
// READYZ_PROFILE_ANEW=1 starts without; READYZ_PROFILE_ONLY=playing or =scenarios makes one list from the counting page
// that was built last.
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { encode } from '../editor/link.js';
import { launch } from '../tests/browser/harness.mjs';
import * as manifests from '../tests/browser/manifests.mjs';
import { traps } from '../tests/browser/traps.mjs';
import { Visitor, started } from '../tests/browser/visitor.mjs';
import { writeProfile } from './lib/split-module.mjs';
import { serveFolder } from './lib/static-server.mjs';
import { fail, pageEnvironment, root, run as command, say } from './lib/toolbox.mjs';

const folder = join(root, 'target', 'profile');
const list = join(folder, 'places.json');
mkdirSync(folder, { recursive: true });
const env = pageEnvironment({ NO_COLOR: 'true', READYZ_COUNT: list });
if (!process.env.READYZ_PROFILE_ONLY && !command('trunk', ['build', '--release', '--offline', '--dist', join(folder, 'dist')], { env })) {
  fail('the counting page could not be built: read the message above.');
}
const places = JSON.parse(readFileSync(list, 'utf8'));
const site = await serveFolder(join(folder, 'dist'), { base: '/' });
const browser = await launch();

/** A page that tells `met` which points of the code it meets. */
async function open(met, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'en-US', ...options });
  const page = await context.newPage();
  await page.exposeFunction('readyzMet', points => points.forEach(point => met.add(point)));
  await page.addInitScript(() => {
    globalThis.counted = new BroadcastChannel('readyz-count');
    counted.onmessage = ({ data }) => globalThis.readyzMet(data);
  });
  return { page, context, visitor: new Visitor(page) };
}

const told = (what, met) => say(`${what}: ${met.size} points of the code`);

/** The page opens, its first example runs, is played and sought through. */
async function firstExample(met) {
  const { page, context, visitor } = await open(met);
  const processor = await context.newCDPSession(page);
  for (const slower of [1, 1, 2, 3, 5, 8, 1, 2]) { // some calls depend on chance, some on how fast the machine is
    await processor.send('Emulation.setCPUThrottlingRate', { rate: slower });
    await page.goto(site.url);
    await started(page);
    await page.locator('#cluster [data-pod]').first().waitFor();
    told('opened', met);
    if (slower !== 2) { // the other times it goes on as fast as the test of the second module does
      await visitor.play('10×');
      await page.waitForTimeout(8_000);
      await visitor.pause();
    }
    await visitor.play('60×');
    await page.waitForFunction(() => Number(document.getElementById('cluster').dataset.from) > 76e9, null, { timeout: 120_000 });
    await visitor.pause();
    await visitor.goTo(20);
    await visitor.play('60×');
    await page.waitForTimeout(6_000);
    told('played', met);
    await visitor.goTo(20);
    await visitor.goTo(75);
    told('sought', met);
  }
  await context.close();
}

const faults = ['kill', 'term', 'exit', 'exec', 'hang', 'memory', 'cpu', 'http', 'delete-pod', 'drain'];

/** What others see: every example, the traps, embedded, in Chinese, with faults and their causes. */
async function scenarios(met) {
  const visit = async (query, kept, act, options) => {
    const { page, context, visitor } = await open(met, options);
    await context.addInitScript(entries => entries.forEach(([key, value]) => localStorage.setItem(`readyz.${key}`, value)), Object.entries(kept));
    await page.goto(site.url + query);
    await started(page);
    await page.waitForTimeout(800);
    await act(page, visitor);
    await context.close();
  };
  const playsAt = slower => async (page, visitor) => {
    const processor = await page.context().newCDPSession(page);
    await processor.send('Emulation.setCPUThrottlingRate', { rate: slower });
    await visitor.play('60×');
    await page.waitForTimeout(2_000);
    await page.locator('.pod-name').first().click({ timeout: 2_000 }).catch(() => {}); // none is left of some
    await page.keyboard.press('End');
    await page.waitForTimeout(200);
  };
  const examples = readdirSync(join(root, 'examples')).map(name => name.replace('.yaml', ''));
  for (const slower of [4, 1]) for (const name of examples) await visit(`?example=${name}`, {}, playsAt(slower));
  told('examples', met);
  for (const text of [...Object.values(manifests), ...Object.values(traps)]) await visit('', { text }, playsAt(1));
  told('manifests and traps', met);
  const looks = page => page.waitForTimeout(1_500);
  for (const query of ['?embed=1&faults=rm,hang,500,kill&lang=en', '?example=service-readiness&embed=1&lines=2-4', '?embed=1&view=timeline&play=1',
    '?embed=1&view=pod&controls=min&theme=dark', '?embed=1&readonly=1&controls=none&end=60&t=20']) await visit(query, {}, looks);
  for (const query of ['', '?example=service-readiness&t=45', '?lang=zh-CN&embed=1']) await visit(query, {}, looks, { locale: 'zh-CN' });
  await visit('', { language: 'zh-Hans', theme: 'dark', 'left-w': '300' }, looks);
  const wrong = traps.B03.replace('periodSeconds', 'periodSecond');
  const links = [[['text', traps.B03]], [['lang', 'zh-Hans'], ['text', traps.B03]], [['text', wrong], ['pane', 'events']]];
  for (const link of links) await visit(`#${await encode(link)}`, {}, looks);
  await visit('?theme=dark', { text: wrong }, looks, { viewport: { width: 390, height: 844 } });
  await visit('', { text: traps.B03 }, looks, { viewport: { width: 1024, height: 768 }, reducedMotion: 'reduce' });
  told('embedded, Chinese', met);
  await visit('?example=service-readiness', {}, async (page, visitor) => {
    await visitor.goTo(20);
    for (const fault of faults) {
      await page.locator(`#fault-${fault}`).click({ timeout: 2_000 }).catch(() => {}); // some exclude others
      await page.waitForTimeout(300);
      await page.keyboard.press('Control+z');
    }
    told('faults', met);
    await visitor.goTo(60);
    for (const tab of ['Events', 'Why', 'Branches']) {
      await visitor.open(tab);
      await page.waitForTimeout(500);
    }
    await page.getByRole('radio', { name: 'Table', exact: true }).click();
    await page.waitForTimeout(300);
    told('panels', met);
    await page.keyboard.press('f');
    await page.locator('#fault-kill').click().catch(() => {});
    await page.keyboard.press('c');
    await page.waitForTimeout(500);
    await page.locator('#share').click();
    await page.waitForTimeout(500);
    told('compared, shared', met);
  });
}

/** Writes a list. */
function keep(name, met) {
  const file = join(root, 'scripts', `${name}.txt.gz`);
  const former = process.env.READYZ_PROFILE_ANEW || !existsSync(file) ? '' : gunzipSync(readFileSync(file)).toString();
  writeFileSync(file, gzipSync(writeProfile(places, met, former), { level: 9 }));
  say(`scripts/${name}.txt.gz is new: ${places.filter(({ first }) => met.has(first)).length} of ${places.length} functions`);
}

try {
  const { READYZ_PROFILE_ONLY: only } = process.env;
  for (const [name, run] of Object.entries({ playing: firstExample, scenarios })) {
    if (only && only !== name) continue;
    const met = new Set();
    await run(met);
    keep(name, met);
  }
} finally {
  await browser.close();
  await site.close();
}
