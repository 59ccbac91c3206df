// Stories about a manifest: it is pasted, then one looks. What stories and traps share.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { browser, complaints, openWatched, screenshot, site, stage } from './harness.mjs';
import { started, Visitor } from './visitor.mjs';

/** A function that registers a story: `story(name, manifest, async ({ page, visitor, see }) => …)`. */
export function stories(prefix) {
  stage();
  return (name, manifest, tell) => test(name, async () => {
    const { page, context, witness } = await openWatched(browser, site.url, { locale: 'en-US' });
    await started(page);
    await page.locator('#applied').waitFor({ timeout: 30_000 });
    const visitor = new Visitor(page);
    await visitor.run(manifest);
    await tell({ page, visitor, see: looker(page, visitor) });
    await screenshot(page, `${prefix}-${name.replace(/\W+/g, '-').toLowerCase()}`);
    assert.deepEqual(await complaints(witness), []);
    await context.close();
  });
}

/** What can be seen without the terminal. */
function looker(page, visitor) {
  return {
    /** READY, STATUS, RESTARTS (number only) of a Pod at a moment. */
    async row(seconds, nth = 0) {
      await visitor.goTo(seconds);
      const [, ready, status, restarts] = (await visitor.table())[nth];
      return [ready, status, restarts.split(' ')[0]];
    },
    /** The answer of the tab Why to the question with these words, at a moment. */
    async why(seconds, question) {
      await visitor.goTo(seconds);
      await visitor.open('Why');
      const picker = page.locator('#why-question');
      await picker.locator('option', { hasText: question }).waitFor({ state: 'attached' });
      await picker.selectOption(await picker.locator('option', { hasText: question }).textContent());
      await page.waitForTimeout(200);
      return {
        answer: await page.locator('#why-answer').textContent(),
        causes: (await page.locator('.causes li').allTextContents()).join('\n'),
      };
    },
    event: async reason => (await visitor.events()).find(event => event.reason === reason),
    /** How many requests ended so, as the ledger beside the Service says. */
    async ledger(outcome) {
      const row = page.locator('.ledger dl > div', { hasText: outcome });
      return await row.count() ? Number(await row.first().locator('dd').textContent()) : 0;
    },
    /** Endpoints that are ready, or not. */
    endpoints: ready => page.locator(`[data-endpoint][data-ready="${ready}"]`).count(),
    /** Words of the countdown of a back-off, or of a grace period. */
    countdown: () => page.locator('.container', { hasText: /to restart|SIGKILL in/ }).first().innerText(),
    restarts: async () => (await visitor.restarts().allTextContents()).reduce((sum, count) => sum + Number(count), 0),
  };
}
