// Which functions of the Wasm module playing a scenario runs, and which regions of them: `make profile`. The answer
// is a list, scripts/playing.txt.gz; the build puts everything else into a second module.
// Playing is: the page opens, its first example runs, is played and sought through.
// What a former profile met stays in the list as long as the code is there, for some of it runs only by chance;
// READYZ_PROFILE_ANEW=1 starts without.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { launch } from '../tests/browser/harness.mjs';
import { Visitor, started } from '../tests/browser/visitor.mjs';
import { writeProfile } from './lib/split-module.mjs';
import { serveFolder } from './lib/static-server.mjs';
import { fail, pageEnvironment, root, run, say } from './lib/toolbox.mjs';

const folder = join(root, 'target', 'profile');
const list = join(folder, 'places.json');
mkdirSync(folder, { recursive: true });
const env = pageEnvironment({ NO_COLOR: 'true', READYZ_COUNT: list });
if (!process.env.READYZ_PROFILE_ONLY && !run('trunk', ['build', '--release', '--offline', '--dist', join(folder, 'dist')], { env })) {
  fail('the counting page could not be built: read the message above.');
}
const places = JSON.parse(readFileSync(list, 'utf8'));
const met = new Set();
const site = await serveFolder(join(folder, 'dist'), { base: '/' });
const browser = await launch();
try {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const page = await context.newPage();
  await page.exposeFunction('readyzMet', points => points.forEach(point => met.add(point)));
  await page.addInitScript(() => {
    globalThis.counted = new BroadcastChannel('readyz-count');
    counted.onmessage = ({ data }) => globalThis.readyzMet(data);
  });
  const told = what => say(`${what}: ${met.size} points of the code`);
  const visitor = new Visitor(page);
  const processor = await context.newCDPSession(page);
  for (const slower of [1, 1, 2, 3, 5, 8, 1, 2]) { // some calls depend on chance, some on how fast the machine is
    await processor.send('Emulation.setCPUThrottlingRate', { rate: slower });
    await page.goto(site.url);
    await started(page);
    await page.locator('#cluster [data-pod]').first().waitFor();
    told('opened');
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
    told('played');
    await visitor.goTo(20);
    await visitor.goTo(75);
    told('sought');
  }
} finally {
  await browser.close();
  await site.close();
}
const kept = join(root, 'scripts', 'playing.txt.gz');
const former = process.env.READYZ_PROFILE_ANEW ? '' : gunzipSync(readFileSync(kept)).toString();
writeFileSync(kept, gzipSync(writeProfile(places, met, former), { level: 9 }));
say(`scripts/playing.txt.gz is new: ${places.filter(({ first }) => met.has(first)).length} of ${places.length} functions`);
