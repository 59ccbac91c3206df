// Takes the README's picture from the page in dist/: `make picture`.
import { join } from 'node:path';
import { launch, openWatched, servePage } from '../tests/browser/harness.mjs';
import { root, say } from './lib/toolbox.mjs';

const site = await servePage();
const browser = await launch();
try {
  const { page } = await openWatched(browser, site.url, { colorScheme: 'light' });
  await page.waitForFunction(() => document.documentElement.dataset.started !== undefined);
  await page.screenshot({ path: join(root, 'docs', 'screenshot.png') });
  say('docs/screenshot.png is new');
} finally {
  await browser.close();
  await site.close();
}
