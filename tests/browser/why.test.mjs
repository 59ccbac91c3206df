// Why something was as it was, asked where one sees it; and what the canvas shows, as a table.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { barriers } from './axe.mjs';
import { browser, complaints, openWatched, site, stage } from './harness.mjs';
import { near, secondsOf, started, Visitor } from './visitor.mjs';

stage();

async function visit(query, options = {}) {
  const opened = await openWatched(browser, site.url + query, { locale: 'en-US', ...options });
  await started(opened.page);
  await opened.page.locator('.lane').first().waitFor();
  return { ...opened, visitor: new Visitor(opened.page) };
}

test('an event leads to its causes, at its moment', async () => {
  const { page, context, witness, visitor } = await visit('?example=liveness-exec&t=60&tab=events');
  await page.getByRole('button', { name: 'Why: Killing liveness-exec' }).click();
  await visitor.sees(page.locator('#why-answer'), 'has been stopping since 0:4');
  await visitor.painted();
  near(await visitor.clock(), 45, 1.5, 'the moment of the kill');
  await page.locator('.causes li', { hasText: 'failureThreshold 3' }).waitFor();
  assert.deepEqual(await complaints(witness), []);
  await context.close();
});

test('a container that runs and is not ready opens with why it is not; a first start has no “Not the cause”', async () => {
  const { page, context, visitor } = await visit('?example=service-readiness&t=45&tab=why');
  await visitor.sees(page.locator('#why-answer'), 'is not ready');
  await page.locator('.causes li', { hasText: 'readiness probe failed, 2 of 2' }).waitFor();
  await page.locator('#why-question').selectOption({ label: 'Why is server in this state?' });
  await visitor.sees(page.locator('#why-answer'), 'has been running since 0:00');
  assert.equal(await page.locator('.why .aside').count(), 0);
  await context.close();
});

test('a lost request leads to what the endpoints were then, by keyboard', async () => {
  const { page, context, visitor } = await visit('?example=service-readiness&t=45&tab=describe');
  await page.getByRole('radio', { name: 'Ledger' }).click();
  const row = page.locator('.ledger-row[data-outcome="5xx"]').first();
  const last = secondsOf((await row.getByRole('button', { name: 'last at' }).textContent()).replace(/.* /, ''));
  await row.getByRole('button', { name: 'Why: 5xx' }).focus();
  await page.keyboard.press('Enter');
  await visitor.sees(page.locator('#why-answer'), 'is a ready endpoint of');
  near(await visitor.clock(), last, 0.1, 'the moment of the request');
  await context.close();
});

for (const [language, passed, off] of [['en', 'readiness passed', 'ready: no'], ['zh-Hans', '就绪探针连续通过', '就绪：否']]) {
  test(`the open lane as a table, reached from the timeline by keyboard; lamps say when they are off: ${language}`, async () => {
    const { page, context, witness, visitor } = await visit(`?example=service-readiness&t=45&lang=${language}`);
    await page.locator('#open-records').focus();
    assert.ok((await page.locator('#open-records').boundingBox()).x >= 0, 'seen while it has the focus');
    await page.keyboard.press('Enter');
    await page.locator('#records').waitFor();
    const rows = await page.locator('#records tbody tr').allTextContents();
    assert.ok(rows.some(text => text.includes(passed)), rows.join('\n'));
    assert.ok(rows.filter(text => text.includes('⊗')).length >= 1);
    const runs = rows.filter(text => text.includes(passed));
    assert.ok(runs.every(text => /\d m?s( ⊗)?$/.test(text)), `how long each run took: ${runs}`);
    const times = rows.map(text => secondsOf(/^[\d:.]+/.exec(text)[0]));
    assert.deepEqual(times, times.toSorted((a, b) => a - b));
    const now = secondsOf(/^[\d:.]+/.exec(await page.locator('#records [aria-current]').textContent())[0]);
    assert.ok(now <= 45 && now >= 38, `${now}`);
    const moment = page.locator('#records .moment').nth(3);
    await moment.click();
    await visitor.painted();
    near(await visitor.clock(), times[3], 0.1, 'a moment is a way there');
    await visitor.goTo(45);
    assert.match((await page.locator('.pod', { hasText: '0/1' }).locator('.lamps').textContent()), new RegExp(off));
    assert.deepEqual(await barriers(page), []);
    assert.deepEqual(await complaints(witness), []);
    await context.close();
  });
}

test('in Chinese the causes name probes as the page does', async () => {
  const { page, context } = await visit('?example=service-readiness&t=45&tab=why&lang=zh-Hans');
  await page.locator('.causes li', { hasText: '就绪探针第 2/2 次失败' }).waitFor();
  assert.equal(await page.locator('.causes li', { hasText: 'readiness' }).count(), 0);
  await context.close();
});
