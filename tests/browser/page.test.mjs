// The built page as a visitor gets it: it starts, keeps its policy and asks nobody else.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { browser, complaints, openWatched, screenshot, site, stage } from './harness.mjs';
import { started } from './visitor.mjs';

// A host page for the sandboxed frame, from the same server but outside the page's sub-path.
stage((path, response) => {
  if (path !== '/host.html') return false;
  response.setHeader('Content-Type', 'text/html; charset=utf-8');
  response.end('<!doctype html><title>host</title><iframe sandbox="allow-scripts" src="/org/readyz/" width="900" height="700"></iframe>');
  return true;
});

test('the page starts under a sub-path without a complaint', async () => {
  const { page, context, witness } = await openWatched(browser, site.url);
  await started(page);
  await page.getByText('readyz').first().waitFor();
  await screenshot(page, 'page-1440');
  assert.deepEqual(await complaints(witness), []);
  await context.close();
});

test('the first view stands in the HTML before any script runs', async () => {
  const { page, context } = await openWatched(browser, site.url, { javaScriptEnabled: false });
  assert.match(await page.locator('#app').innerText(), /readyz/);
  await context.close();
});

test('the schema of the Scenario document is published beside the page', async () => {
  const answer = await fetch(new URL('schema/scenario-v1alpha1.json', site.url));
  assert.equal(answer.status, 200);
  assert.match((await answer.json()).$id, /\/schema\/scenario-v1alpha1\.json$/);
});

test('the policy is in force: what it forbids is seen and blocked', async () => {
  const { page, context, witness } = await openWatched(browser, site.url);
  await started(page);
  const outcome = await page.evaluate(() => {
    const script = document.createElement('script');
    try {
      script.src = 'https://example.com/x.js';
      return 'a plain URL was taken as a script';
    } catch (error) {
      return error.name;
    }
  });
  assert.equal(outcome, 'TypeError');
  await page.evaluate(() => document.body.append(Object.assign(document.createElement('style'), { textContent: 'a{}' })));
  const violations = await witness.violations();
  assert.ok(violations.some(text => text.startsWith('require-trusted-types-for')), violations.join('\n'));
  assert.ok(violations.some(text => text.startsWith('style-src')), violations.join('\n'));
  await context.close();
});

test('the page starts in a sandboxed frame, whose origin is opaque', async () => {
  const { page, context, witness } = await openWatched(browser, new URL('/host.html', site.url).href);
  const frame = page.frames().find(candidate => candidate.parentFrame() === page.mainFrame());
  await started(frame);
  await screenshot(page, 'sandboxed-frame');
  assert.deepEqual(witness.errors, []);
  assert.deepEqual(await frame.evaluate(() => globalThis.cspViolations), []);
  await context.close();
});
