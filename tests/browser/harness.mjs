// What every browser test shares: the built page under a sub-path, and a witness of what went wrong.
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before } from 'node:test';
import { chromium as browserType } from 'playwright-core';
import { chromium, chromiumArgs } from '../../scripts/lib/browser.mjs';
import { serveFolder } from '../../scripts/lib/static-server.mjs';
import { root } from '../../scripts/lib/toolbox.mjs';

export const base = '/org/readyz/'; // as on a project site: no file is at the host's root
const results = join(root, 'test-results');

/** Serves dist/ under the sub-path. `extra` may answer other paths (host pages of an iframe…). */
export function servePage(extra) {
  const dist = join(root, 'dist');
  if (!existsSync(join(dist, 'index.html'))) {
    throw new Error('dist/ is missing: run `make dist` first');
  }
  return serveFolder(dist, { base, extra });
}

/** The browser and the served page of a test file, while its tests run. */
export let browser;
export let site;

/** For a test file: serves the page and starts the browser before its tests, and ends both after. */
export function stage(extra) {
  before(async () => {
    site = await servePage(extra);
    browser = await launch();
  });
  after(async () => {
    await browser?.close();
    await site?.close();
  });
}

export function launch() {
  const executablePath = chromium();
  if (!executablePath) throw new Error('no Chromium: run `node scripts/setup.mjs browser`');
  return browserType.launch({ executablePath, args: chromiumArgs });
}

/**
 * Opens a page that is watched from before its first script. Returns `{ page, context, witness }`;
 * `witness` holds `asked` (addresses of all requests, from the first on), `console` (errors and
 * warnings), `errors` (uncaught), `foreign` (requests to other origins), `failed` (answers of 400 and
 * more), and `violations()` (of the Content-Security-Policy).
 */
export async function openWatched(browser, url, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, ...options });
  await context.addInitScript(() => {
    globalThis.cspViolations = [];
    document.addEventListener('securitypolicyviolation', event => {
      globalThis.cspViolations.push(`${event.violatedDirective}: ${event.blockedURI} ${event.sample}`);
    });
  });
  const page = await context.newPage();
  const witness = watch(page, new URL(url).origin);
  await page.goto(url);
  return { page, context, witness };
}

function watch(page, origin) {
  const witness = { asked: [], console: [], errors: [], foreign: [], failed: [] };
  page.on('console', message => {
    if (['error', 'warning'].includes(message.type())) witness.console.push(message.text());
  });
  page.on('pageerror', error => witness.errors.push(String(error.stack ?? error)));
  page.on('request', request => {
    witness.asked.push(request.url());
    const own = request.url().startsWith(`${origin}/`) || /^(blob|data):/.test(request.url());
    if (!own) witness.foreign.push(request.url());
  });
  page.on('response', response => {
    if (response.status() >= 400) witness.failed.push(`${response.status()} ${response.url()}`);
  });
  page.on('requestfailed', request => witness.failed.push(`${request.failure()?.errorText} ${request.url()}`));
  witness.violations = () => page.evaluate(() => globalThis.cspViolations);
  return witness;
}

/** Everything the witness saw, as one list: empty on a page in order. */
export async function complaints(witness) {
  return [
    ...witness.console.map(text => `console: ${text}`),
    ...witness.errors.map(text => `uncaught: ${text}`),
    ...witness.foreign.map(url => `other origin: ${url}`),
    ...witness.failed.map(text => `request: ${text}`),
    ...(await witness.violations()).map(text => `policy: ${text}`),
  ];
}

/** Keeps a picture as a build artefact: test-results/<name>.png. */
export async function screenshot(page, name, options = {}) {
  mkdirSync(results, { recursive: true });
  const path = join(results, `${name}.png`);
  await page.screenshot({ path, ...options });
  return path;
}
