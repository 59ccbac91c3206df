// Pictures of the page's states, to be looked at: `make screenshots` → test-results/screenshots/.
// Twelve states in two themes and three widths, the narrow and wide ones in Chinese; in print and
// with forced colours. Each is compared with tests/screens.json.gz: what has changed is named, and
// the command fails; once the change was looked at, READYZ_UPDATE=1 takes it over.
// `node scripts/screenshots.mjs NAME…` takes some states only.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { encode } from '../editor/link.js';
import { launch, openWatched, servePage } from '../tests/browser/harness.mjs';
import { livenessExec, webWithService } from '../tests/browser/manifests.mjs';
import { hasChanged, read, thumbnail, write } from './lib/thumbnail.mjs';
import { fail, root, say } from './lib/toolbox.mjs';

const many = count => `apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec:\n  replicas: ${count}\n  selector: {matchLabels: {app: web}}\n  template:\n    metadata: {labels: {app: web}}\n    spec:\n      containers:\n      - name: web\n        image: nginx\n        readinessProbe: {httpGet: {path: /, port: 80}}\n        livenessProbe: {httpGet: {path: /, port: 80}}\n---\napiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {selector: {app: web}, ports: [{port: 80}]}\n`;

/** name → query, text of a link, and what is done before the picture. */
const states = {
  start: { query: '' },
  service: { query: 'example=service-readiness&t=45' },
  stopping: { query: 't=60' },
  'back-off': { query: 'example=liveness-tcp&t=175' },
  table: { query: 'view=table&example=two-containers-liveness-404&t=50' },
  events: { query: 'tab=events&t=50' },
  error: { text: livenessExec.replace('livenessProbe', 'livenesProbe') },
  act: { text: webWithService, acts: ['{at: 12s, kill: {pod: "deployment/web#1", container: server, signal: KILL}}'], at: 30 },
  many: { text: many(60), at: 40 },
  empty: { text: ' ' },
  share: { query: 't=30', act: page => page.locator('#share').click() },
  projector: { query: 'projector=1&example=service-readiness&t=45' },
};
const widths = [[1440, 900], [1024, 768], [390, 844]];
const folder = join(root, 'test-results', 'screenshots');
mkdirSync(folder, { recursive: true });
const reference = join(root, 'tests', 'screens.json.gz');
const known = read(reference);
const changed = [];
const wanted = process.argv.slice(2);
const site = await servePage();
const browser = await launch();

/** A picture of the page once it has come to rest, however busy the machine is. */
async function still(page) {
  await page.waitForTimeout(700);
  for (let png, former, tries = 0; ; tries++, former = png) {
    png = await page.screenshot();
    if (former?.equals(png) || tries === 20) return png;
    await page.waitForTimeout(300);
  }
}

async function take(name, { query = '', text, acts = [], at = 0, act }, theme, language, [width, height], media) {
  const entries = [['at', String(at * 1e3)], ...acts.map(step => ['act', step]), ['text', text]];
  const fragment = text ? `#${await encode(entries)}` : '';
  const address = `${site.url}?${query}&theme=${theme}&lang=${language}${fragment}`;
  const { page, context } = await openWatched(browser, address, { viewport: { width, height }, locale: 'en-US' });
  await page.waitForFunction(() => document.documentElement.dataset.started !== undefined);
  await page.locator('#editor[data-rich]').waitFor({ state: 'attached' });
  await page.locator('.pod, #pods, .empty, .offers').first().waitFor({ state: 'attached', timeout: 15_000 });
  await act?.(page);
  if (media) await page.emulateMedia(media);
  const file = `${name}-${theme}-${width}${language === 'en' ? '' : '-zh'}${media ? `-${Object.values(media)[0]}` : ''}`;
  const png = await still(page);
  writeFileSync(join(folder, `${file}.png`), png);
  const small = await thumbnail(page, png);
  if (known[file] && hasChanged(known[file], small)) changed.push(file);
  known[file] = small;
  await context.close();
}

try {
  for (const [name, state] of Object.entries(states)) {
    if (wanted.length && !wanted.includes(name)) continue;
    for (const size of widths) {
      for (const theme of ['light', 'dark']) await take(name, state, theme, 'en', size);
    }
    await take(name, state, 'light', 'zh-Hans', widths[0]);
    await take(name, state, 'light', 'zh-Hans', widths[2]);
    if (name === 'service') {
      await take(name, state, 'light', 'en', widths[0], { media: 'print' });
      await take(name, state, 'light', 'en', widths[0], { forcedColors: 'active' });
      await take(name, state, 'dark', 'en', widths[0], { forcedColors: 'active', colorScheme: 'dark' });
    }
    say(`${name} is taken`);
  }
} finally {
  await browser.close();
  await site.close();
}
if (process.env.READYZ_UPDATE === '1' || !Object.keys(read(reference)).length) write(reference, known);
else if (changed.length) fail(`changed: ${changed.join(', ')}. Look at them; if that is meant, run \`READYZ_UPDATE=1 make screenshots\`.`);
else say('nothing has changed');
