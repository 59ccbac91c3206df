// The inspector's tabs, by mouse and by keyboard: terminal, why, timing, describe, branches.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { barriers } from './axe.mjs';
import { browser, complaints, openWatched, screenshot, site, stage } from './harness.mjs';
import { livenessExec, webWithService } from './manifests.mjs';
import { near, secondsOf, started, types, Visitor } from './visitor.mjs';

stage();

async function visit(manifest, options = {}) {
  const { page, context, witness } = await openWatched(browser, site.url, { locale: 'en-US', ...options });
  await started(page);
  await page.locator('#applied').waitFor({ timeout: 30_000 });
  const visitor = new Visitor(page);
  if (manifest) await visitor.run(manifest);
  return { page, context, witness, visitor };
}

test('terminal: kubectl, pipes, a shell in a container, Tab, history; what acts forks the run', async () => {
  const { page, context, witness, visitor } = await visit(livenessExec);
  await visitor.goTo(12);
  await visitor.open('Terminal');
  const table = await types(page, 'kubectl get pods');
  assert.match(table, /^NAME\s+READY\s+STATUS\s+RESTARTS\s+AGE\nliveness-exec\s+1\/1\s+Running\s+0/);
  assert.equal((await types(page, 'kubectl get pods --no-headers | wc -l')).trim(), '1');

  // Tab: the only candidate at once, several are listed.
  const input = page.locator('#command');
  await input.fill('kubectl desc');
  await input.press('Tab');
  await page.waitForFunction(() => document.getElementById('command').value === 'kubectl describe ');
  await input.fill('kubectl get ');
  await input.press('Tab');
  await page.locator('.offered', { hasText: 'pods' }).waitFor();
  // Esc, then Tab leaves.
  await input.press('Escape');
  await input.press('Tab');
  assert.notEqual(await page.evaluate(() => document.activeElement.id), 'command');
  await input.fill('');
  await input.press('ArrowUp');
  assert.equal(await input.inputValue(), 'kubectl get pods --no-headers | wc -l');

  // A shell: looking leaves no trace, deleting does.
  await types(page, 'kubectl exec -it liveness-exec -- sh');
  await page.locator('.console-line label', { hasText: 'liveness-exec' }).waitFor();
  assert.equal(await types(page, 'ls /tmp'), 'healthy\n');
  assert.equal(await page.locator('[data-pin]').count(), 0);
  await types(page, 'rm /tmp/healthy');
  await page.locator('[data-pin]').first().waitFor();
  await types(page, 'exit');
  assert.deepEqual(await barriers(page), []);
  await screenshot(page, 'panel-terminal');
  await visitor.goTo(60);
  near(await visitor.goToEvent('Killing'), 25, 1.5, 'three misses after 0:12');

  // In the past it forks.
  await visitor.goTo(5);
  await visitor.open('Terminal');
  await types(page, 'kubectl label pod liveness-exec tier=front');
  await page.locator('#branch option').nth(1).waitFor({ state: 'attached' });
  assert.deepEqual(await complaints(witness), []);
  await context.close();
});

test('terminal: the clock stops while one types, curl asks the Service, role and copy', async () => {
  const { page, context, witness, visitor } = await visit(webWithService);
  await visitor.open('Terminal');
  await visitor.goTo(20);
  await page.locator('#cluster').focus();
  await page.keyboard.press('Space');
  await page.getByRole('button', { name: 'Pause' }).waitFor();
  await page.locator('#command').focus();
  await page.getByRole('button', { name: 'Play' }).waitFor();
  assert.equal(await types(page, "curl -s -o /dev/null -w '%{http_code}' http://web/healthz"), '200');
  assert.match(await types(page, 'curl http://nowhere/'), /Could not resolve host/);
  assert.equal(await page.getByRole('log').count(), 1);
  await page.locator('#console-copy').click();
  await page.locator('#console-clear').click();
  assert.equal(await page.locator('.console-entry').count(), 0);
  assert.deepEqual(await complaints(witness), []);
  await context.close();
});

test('why: a question, an answer in a sentence, a chain whose moments and lines lead there', async () => {
  const { page, context, witness, visitor } = await visit(livenessExec);
  await visitor.goTo(90);
  await visitor.open('Why');
  await page.locator('.causes li').first().waitFor();
  await page.locator('#why-question').selectOption({ label: 'Why was liveness restarted?' });
  await visitor.sees(page.locator('#why-answer'), /liveness was restarted/);
  const causes = await page.locator('.causes li').allTextContents();
  assert.ok(causes.some(text => /probe failed, 3 of 3|failureThreshold 3/.test(text)), causes.join('\n'));
  assert.ok(causes.some(text => /PRB-\d+/.test(text)));
  const pages = page.locator('.causes a.rule-id');
  assert.ok(await pages.count() >= 3);
  const link = pages.filter({ hasText: 'PRB' }).first();
  assert.match(await link.getAttribute('href'), /^https:\/\/kubernetes\.io\/docs\/.*probes\/$/);
  const [opened] = await Promise.all([context.waitForEvent('page'), link.click()]);
  await opened.close();
  assert.deepEqual(await barriers(page), []);
  await screenshot(page, 'panel-why');
  // A line of the YAML is selected.
  const chip = page.locator('.line-chip').last();
  const line = Number(/L(\d+)/.exec(await chip.textContent())[1]);
  await chip.click();
  assert.ok(line > 0);
  // A moment is a way there.
  const moment = page.locator('.causes .moment').first();
  const at = secondsOf(await moment.textContent());
  await moment.click();
  await visitor.painted();
  near(await visitor.clock(), at, 0.1, 'the moment of the first cause');
  await visitor.goTo(90);
  await page.locator('.what-if .button').first().waitFor();
  const offer = await page.locator('.what-if .button').first().textContent();
  await page.locator('.what-if .button').first().click();
  await page.locator('#branch option').nth(1).waitFor({ state: 'attached' });
  assert.match(await page.locator('#branch option').nth(1).textContent(), new RegExp(offer.trim()));
  assert.deepEqual(await complaints(witness), []);
  await context.close();
});

test('why a node: what the filters refused, a table of scores that adds up, who was chosen', async () => {
  const manifest = `apiVersion: v1
kind: Pod
metadata: {name: web}
spec:
  containers: [{name: app, image: nginx, resources: {requests: {cpu: 500m}}}]
---
apiVersion: readyz.dev/v1alpha1
kind: Scenario
spec:
  duration: 1m
  nodes: [{name: a, cpu: '2'}, {name: b, cpu: '2'}, {name: big, cpu: '4'}, {name: small, cpu: 100m}]
`;
  const { page, context, witness, visitor } = await visit(manifest);
  await visitor.goTo(20);
  await visitor.open('Why');
  await page.locator('#why-question').selectOption({ label: 'Why is the Pod of app on its node, or on none?' });
  await visitor.sees(page.locator('#why-answer'), 'web is on big, which scored highest of 3 nodes');
  const causes = (await page.locator('.causes li').allTextContents()).join('\n');
  assert.match(causes, /small: refused by NodeResourcesFit, Insufficient cpu\s*SCH-02/);
  assert.match(causes, /big scored highest: \d+\s*SCH-07/);
  const rows = await page.locator('.scores tr').evaluateAll(rows => rows.map(row => [...row.children].map(cell => cell.textContent)));
  assert.deepEqual(rows[0], ['Plugin × weight', 'bigchosen', 'a', 'b']);
  const sums = rows.at(-1).slice(1).map(Number);
  for (const [column, sum] of sums.entries()) {
    const parts = rows.slice(1, -1).map(([plugin, ...scores]) => Number(/×(\d)/.exec(plugin)[1]) * Number(scores[column]));
    assert.equal(parts.reduce((all, part) => all + part, 0), sum, rows[0][column + 1]);
  }
  assert.ok(sums[0] > sums[1] && sums[1] === sums[2], String(sums));
  assert.deepEqual(await barriers(page), []);
  await screenshot(page, 'panel-why-node');
  assert.deepEqual(await complaints(witness), []);
  await context.close();
});

test('timing: best, worst, this run, and numbers that write to the YAML', async () => {
  const { page, context, witness, visitor } = await visit(livenessExec);
  await visitor.goTo(90);
  await visitor.open('Timing');
  const row = page.locator('[data-question="detection"]').first();
  await row.waitFor();
  const range = await row.locator('h2 b').textContent();
  assert.match(range, /^\d+(\.\d)? to \d+(\.\d)? s$/);
  assert.ok(await row.locator('svg').count());
  assert.deepEqual(await barriers(page), []);
  await screenshot(page, 'panel-timing');
  const field = row.locator('[data-field="periodSeconds"]');
  await field.fill('2');
  await field.press('Enter');
  await page.waitForFunction(() => globalThis.readyz.text().includes('periodSeconds: 2'));
  await page.waitForFunction(former => {
    const shown = document.querySelector('[data-question="detection"] h2 b');
    return shown && shown.textContent !== former;
  }, range);
  assert.deepEqual(await complaints(witness), []);
  await context.close();
});

test('describe, logs, charts and the ledger', async () => {
  const { page, context, witness, visitor } = await visit(webWithService);
  await visitor.goTo(20);
  await page.locator('#fault-http').click();
  await page.locator('[data-pin]').first().waitFor();
  await visitor.goTo(28);
  await visitor.open('Describe');
  await visitor.sees(page.locator('#printed'), /^Name:\s+web-/);
  assert.deepEqual(await barriers(page), []);
  await screenshot(page, 'panel-describe');
  await page.getByRole('radio', { name: 'Logs' }).click();
  await page.locator('#look-choice option', { hasText: 'Previous' }).waitFor({ state: 'attached' });
  await page.locator('#printed').waitFor();
  await page.getByRole('radio', { name: 'Metrics' }).click();
  assert.ok(await page.locator('.chart').count() >= 4);
  assert.deepEqual(await barriers(page), []);
  await screenshot(page, 'panel-metrics');
  await page.getByRole('radio', { name: 'Ledger' }).click();
  const served = page.locator('[data-outcome="served"]');
  await served.first().waitFor();
  assert.deepEqual(await barriers(page), []);
  await screenshot(page, 'panel-ledger');
  // To the next request of that kind.
  const next = served.getByRole('button', { name: /next at/ }).first();
  const at = secondsOf(/next at (\S+)/.exec(await next.textContent())[1]);
  await next.click();
  await visitor.painted();
  near(await visitor.clock(), at, 0.1, 'the next served request');
  assert.deepEqual(await complaints(witness), []);
  await context.close();
});

test('branches: an act in the past forks; both are kept, named and compared', async () => {
  const { page, context, witness, visitor } = await visit(livenessExec);
  await visitor.goTo(40);
  await page.locator('#fault-kill').click();
  await page.locator('[data-pin]').first().waitFor();
  await visitor.goTo(12);
  await page.locator('#fault-file').click();
  await visitor.open('Branches');
  await page.locator('.branch-row').nth(1).waitFor();
  const name = page.locator('.branch-row input').nth(1);
  await name.fill('file gone');
  await name.press('Enter');
  await page.locator('#branch option', { hasText: 'file gone' }).waitFor({ state: 'attached' });
  await page.getByRole('button', { name: 'Compare: main' }).click();
  await page.locator('#summary-sentence').waitFor();
  await page.locator('.lane', { hasText: /^Aliveness-exec/ }).first().waitFor();
  await page.locator('.lane', { hasText: /^Bliveness-exec/ }).first().waitFor();
  assert.match(await page.locator('#summary-sentence').textContent(), /file gone: first restart/);
  assert.deepEqual(await barriers(page), []);
  await screenshot(page, 'panel-branches');
  await page.getByRole('button', { name: 'Compare: main' }).click();
  await page.locator('#summary-sentence').waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Show: main' }).click();
  await visitor.goTo(39);
  assert.equal(await visitor.restarts().first().textContent(), '0');
  assert.deepEqual(await complaints(witness), []);
  await context.close();
});

test('two manifests side by side', async () => {
  const { page, context, witness, visitor } = await visit(livenessExec);
  await visitor.goTo(20);
  await page.locator('#fault-kill').click();
  await page.locator('[data-pin]').first().waitFor();
  await visitor.paste(livenessExec.replace('periodSeconds: 5', 'periodSeconds: 5\n      failureThreshold: 6'));
  await visitor.open('Branches');
  await page.locator('#run-beside').click();
  await page.locator('.branch-row').nth(1).waitFor();
  await page.getByRole('button', { name: 'Compare: main' }).click();
  await visitor.sees(page.locator('#summary-sentence'), /text 2: /);
  assert.deepEqual(await complaints(witness), []);
  await context.close();
});

for (const [name, viewport, query] of [
  ['1440-dark', { width: 1440, height: 900 }, 'theme=dark'],
  ['1024', { width: 1024, height: 768 }, 'theme=light'],
  ['390-zh', { width: 390, height: 844 }, 'theme=light&lang=zh'],
]) {
  test(`no barrier in any tab: ${name}`, async () => {
    const { page, context, witness } = await openWatched(browser, `${site.url}?example=service-readiness&t=45&${query}`, { locale: 'en-US', viewport });
    await started(page);
    for (const tab of ['faults', 'events', 'why', 'terminal', 'describe', 'timing', 'branches']) {
      await page.locator('#cluster').focus();
      const key = { faults: 'f', events: 'e', why: 'w', terminal: 't', describe: 'd', timing: 'i', branches: 'b' }[tab];
      await page.evaluate(() => document.activeElement?.blur());
      await page.keyboard.press('g');
      await page.keyboard.press(key);
      await page.locator(`#panel[aria-labelledby="tab-${tab}"]`).waitFor();
      await page.waitForTimeout(400);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert.ok(wide <= 0, `${tab}: ${wide} px too wide`);
      assert.deepEqual(await barriers(page), [], tab);
      await screenshot(page, `tab-${tab}-${name}`);
    }
    assert.deepEqual(await complaints(witness), []);
    await context.close();
  });
}
