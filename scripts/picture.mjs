// Takes the README's picture from the page in dist/: `make picture`.
import { join } from 'node:path';
import { launch, openWatched, servePage } from '../tests/browser/harness.mjs';
import { Visitor, started } from '../tests/browser/visitor.mjs';
import { root, say } from './lib/toolbox.mjs';

const site = await servePage();
const browser = await launch();
try {
  const { page } = await openWatched(browser, site.url, { colorScheme: 'light' });
  await started(page);
  const visitor = new Visitor(page);
  await visitor.editor();
  await page.locator('[data-pod]').first().waitFor();
  await visitor.goTo(52); // SIGTERM is ignored, SIGKILL is awaited
  await visitor.painted();
  await page.screenshot({ path: join(root, 'docs', 'screenshot.png') });
  say('docs/screenshot.png is new');
} finally {
  await browser.close();
  await site.close();
}
