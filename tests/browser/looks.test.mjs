// A changed look of the page is noticed.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hasChanged, thumbnail } from '../../scripts/lib/thumbnail.mjs';
import { browser, openWatched, site, stage } from './harness.mjs';
import { started } from './visitor.mjs';

stage();

async function visit(query, options = {}) {
  const opened = await openWatched(browser, site.url + query, { locale: 'en-US', ...options });
  await started(opened.page);
  await opened.page.locator('.pod').first().waitFor({ timeout: 15_000 });
  await opened.page.locator('#editor[data-rich]').waitFor({ state: 'attached', timeout: 15_000 });
  return opened;
}

test('a changed look is noticed, the same look is not', async () => {
  const { page, context } = await visit('?theme=light&example=service-readiness&t=45');
  await page.waitForTimeout(500);
  const look = async () => thumbnail(page, await page.screenshot());
  const before = await look();
  assert.ok(!hasChanged(before, await look()), 'the same');
  await page.locator('.inspector').evaluate(pane => { pane.hidden = true; pane.style.visibility = 'hidden'; });
  assert.ok(hasChanged(before, await look()), 'a pane is gone');
  await page.locator('.inspector').evaluate(pane => { pane.hidden = false; pane.style.visibility = ''; });
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.evaluate(() => { document.documentElement.dataset.theme = 'dark'; });
  await page.waitForTimeout(300);
  assert.ok(hasChanged(before, await look()), 'all colours');
  await context.close();
});
