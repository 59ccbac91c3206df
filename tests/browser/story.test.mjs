// The first story, click by click: paste, play, watch it fail, break it yourself, heal it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { browser, complaints, openWatched, screenshot, site, stage } from './harness.mjs';
import { livenessExec, webWithService } from './manifests.mjs';
import { near, started, Visitor } from './visitor.mjs';

stage();

async function visit(query = '', options = {}) {
  const { page, context, witness } = await openWatched(browser, site.url + query, { locale: 'en-US', ...options });
  await started(page);
  await page.locator('#applied').waitFor({ timeout: 15_000 });
  return { page, context, witness, visitor: new Visitor(page) };
}

test('a stranger pastes exec-liveness, plays at 60×, and sees the container killed after its grace period', async () => {
  const { page, context, witness, visitor } = await visit();
  await visitor.run(livenessExec);
  await visitor.play('60×');
  // While it plays: three misses, then thirty seconds of SIGTERM that the shell ignores.
  await visitor.sees(page.locator('.container .chip'), 'Running, stopping');
  await visitor.sees(visitor.restarts(), '1');
  await visitor.pause();
  assert.ok(await visitor.clock() > 75, 'the restart comes after the grace period');
  await screenshot(page, 'exec-liveness-restarted');

  // Exactly: at the moment of the verdict.
  const verdict = await visitor.goToEvent('Killing');
  await visitor.goTo(Math.ceil(verdict));
  const events = await visitor.events();
  const unhealthy = events.find(event => event.reason === 'Unhealthy');
  assert.match(unhealthy.message, /^Liveness probe failed: cat: can't open '\/tmp\/healthy': No such file or directory/);
  assert.match(unhealthy.age, /x3 over 1\ds/);
  const killing = events.find(event => event.reason === 'Killing');
  assert.equal(killing.message, 'Container liveness failed liveness probe, will be restarted');

  const killedAt = await visitor.goToEvent('Killing');
  near(killedAt, 45, 1.5, 'the third miss after the file was gone at 0:30');
  await visitor.goTo(killedAt + 0.5);
  assert.equal(await visitor.verdict('liveness'), 'liveness probe: failed 3 of 3');
  await visitor.goTo(killedAt + 10);
  await visitor.sees(page.locator('.sigkill'), /SIGKILL in (19\.|20\.0)/);
  assert.deepEqual((await visitor.table())[0].slice(0, 4), ['liveness-exec', '1/1', 'Running', '0']);
  await screenshot(page, 'exec-liveness-grace');
  await visitor.goTo(killedAt + 33);
  const row = (await visitor.table())[0];
  assert.deepEqual(row.slice(0, 3), ['liveness-exec', '1/1', 'Running']);
  assert.match(row[3], /^1 \(\ds ago\)$/);

  // Scrubbing back shows the past as it was.
  await visitor.goTo(20);
  await visitor.sees(visitor.restarts(), '0');
  assert.equal(await visitor.verdict('liveness'), 'liveness probe: passed 3 in a row');
  assert.deepEqual(await complaints(witness), []);
  await context.close();
});

test('deleting /tmp/healthy by hand brings the restart earlier, and creating it again prevents it', async () => {
  const { page, context, witness, visitor } = await visit();
  await visitor.run(livenessExec);
  await visitor.goTo(12);
  await visitor.open('Faults');
  await page.locator('#fault-file').click();
  // The button is the way back, and keeps the focus.
  const heal = page.locator('#fault-file', { hasText: 'Heal' });
  await heal.waitFor();
  assert.ok(await heal.evaluate(button => button === document.activeElement), 'the focus stays');
  await page.locator('[data-pin]').first().waitFor();
  await screenshot(page, 'deleted-by-hand');

  await visitor.goTo(60);
  const killedAt = await visitor.goToEvent('Killing');
  near(killedAt, 25, 1.5, 'three misses after 0:12');

  // In time: the count goes back and nothing is killed before the script itself removes the file.
  await visitor.goTo(18);
  await visitor.open('Faults');
  await heal.click();
  await visitor.goTo(29);
  assert.match(await visitor.verdict('liveness'), /passed \d in a row/);
  const events = await visitor.events();
  assert.equal(events.some(event => event.reason === 'Killing'), false);
  assert.deepEqual(await complaints(witness), []);
  await context.close();
});

test('with a Service and a readiness probe the endpoint turns not ready and comes back, without a restart', async () => {
  const { page, context, witness, visitor } = await visit();
  await visitor.run(webWithService);
  await visitor.goTo(20);
  const endpoints = page.locator('[data-endpoint]');
  await page.locator('[data-endpoint][data-ready="true"]').nth(1).waitFor();
  assert.equal(await endpoints.count(), 2);

  await visitor.open('Faults');
  await page.locator('#fault-path').fill('/');
  await page.locator('#fault-path').fill('/healthz');
  await page.locator('#fault-http').click();
  const heal = page.locator('#fault-http', { hasText: 'Heal' });
  await heal.waitFor();
  await visitor.goTo(32);
  await page.locator('[data-endpoint][data-ready="false"]').waitFor();
  assert.equal(await page.locator('[data-endpoint][data-ready="true"]').count(), 1);
  assert.equal(await page.locator('.socket.off').count(), 1);
  await screenshot(page, 'endpoint-not-ready');

  await visitor.open('Faults');
  await heal.click();
  await page.locator('#fault-http', { hasText: 'Inject' }).waitFor();
  await visitor.goTo(40);
  await page.locator('[data-endpoint][data-ready="true"]').nth(1).waitFor();
  assert.deepEqual(await visitor.restarts().allTextContents(), ['0', '0']);
  assert.deepEqual(await complaints(witness), []);
  await context.close();
});

test('every request is accounted for, and those of a broken server are seen', async () => {
  const { page, context, witness, visitor } = await visit();
  await visitor.run(webWithService);
  await visitor.goTo(20);
  const ledger = () => page.locator('.ledger dl').evaluate(list => Object.fromEntries(
    [...list.children].map(row => [row.querySelector('dt').textContent, Number(row.querySelector('dd').textContent)])));
  const before = await ledger();
  assert.equal(before['5xx'], 0);
  await page.locator('#fault-kill').click();
  await visitor.goTo(60);
  const now = await ledger();
  const total = Number(await page.locator('.ledger').getAttribute('data-total'));
  assert.equal(Object.values(now).reduce((sum, count) => sum + count, 0), total);
  near(total, 4 * 60, 8, 'four requests a second');
  assert.ok(now.served > before.served);
  assert.deepEqual(await complaints(witness), []);
  await context.close();
});

test('a pasted error is named at its line; the cluster keeps running; a click repairs it', async () => {
  const { page, context, witness, visitor } = await visit();
  await visitor.run(livenessExec);
  const line = livenessExec.split('\n').findIndex(text => text.includes('livenessProbe')) + 1;
  await visitor.paste(livenessExec.replace('livenessProbe', 'livenesProbe'));
  const problem = page.locator('.rich .problem').first();
  await visitor.sees(problem, 'livenesProbe');
  await visitor.sees(problem, /livenessProbe/);
  await visitor.sees(page.locator('#summary'), 'Not applied. The cluster runs revision');
  assert.equal(await page.locator('.pod').count(), 1, 'the former run stays');
  await screenshot(page, 'pasted-error');
  // The list names the place.
  await page.locator('#problem-list').click();
  assert.equal(await page.locator('#problems .place').first().textContent(), `${line}:5`);
  await page.locator('#problem-list').click();
  await problem.getByRole('button', { name: /^Fix/ }).click();
  await visitor.sees(page.locator('#summary'), /No problems|remark/);
  assert.equal(await visitor.text(), livenessExec);
  assert.deepEqual(await complaints(witness), []);
  await context.close();
});

test('with a history an edit waits, and “Restart with this” replays the acts on the new text', async () => {
  const { page, context, witness, visitor } = await visit();
  await visitor.run(livenessExec);
  await visitor.goTo(12);
  await page.locator('#fault-file').click();
  await page.locator('[data-pin]').first().waitFor();
  await visitor.paste(livenessExec.replace('periodSeconds: 5', 'periodSeconds: 2'));
  await page.getByRole('button', { name: 'Restart with this' }).click();
  await page.locator('#applied').waitFor();
  await visitor.goTo(60);
  const killedAt = await visitor.goToEvent('Killing');
  near(killedAt, 17, 1.5, 'three misses, two seconds apart, after 0:12');
  assert.equal(await page.locator('[data-pin]').count(), 1);
  await page.getByRole('button', { name: 'Reset' }).click();
  await page.locator('[data-pin]').waitFor({ state: 'detached' });
  assert.deepEqual(await complaints(witness), []);
  await context.close();
});

test('whatever is pasted, the page answers', async () => {
  const { page, context, witness, visitor } = await visit();
  for (const text of ['', '\t\0', '[[[[', 'a: &a [*a]', '---\n---\n', '{kind: Pod}', 'kind: Pod\n'.repeat(50), '🙂: 中\n', livenessExec.slice(0, 200)]) {
    await visitor.paste(text);
    await page.locator('#summary').waitFor();
  }
  await visitor.run(livenessExec);
  assert.deepEqual(await complaints(witness), []);
  await context.close();
});
