// The metrics panel: a chart for each number that the kubelet counts, and its text to take along.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { barriers } from './axe.mjs';
import { browser, complaints, openWatched, screenshot, site, stage } from './harness.mjs';
import { webWithService } from './manifests.mjs';
import { started, Visitor } from './visitor.mjs';

stage();

async function visit(options) {
  const permissions = ['clipboard-read', 'clipboard-write'];
  const watched = await openWatched(browser, site.url, { locale: 'en-US', permissions, ...options });
  await started(watched.page);
  await watched.page.locator('#applied').waitFor({ timeout: 30_000 });
  const visitor = new Visitor(watched.page);
  await visitor.run(webWithService);
  return { ...watched, visitor };
}

const charts = page => page.locator('.charts li').evaluateAll(rows => rows.map(row => ({
  name: row.querySelector('span').textContent,
  value: row.querySelector('b').textContent,
  spoken: row.querySelector('svg').getAttribute('aria-label'),
})));

/** Waits until a chart's value is one that passes. */
async function value(page, name, passes) {
  await page.waitForFunction(([name, passes]) => {
    const rows = [...document.querySelectorAll('.charts li')];
    const row = rows.find(row => row.querySelector('span').textContent === name);
    return row && new RegExp(passes).test(row.querySelector('b').textContent);
  }, [name, passes.source]);
  return (await charts(page)).find(chart => chart.name === name).value;
}

test('charts have names and last values; a fault moves them; the text says the same', async () => {
  const { page, context, witness, visitor } = await visit({});
  await visitor.goTo(20);
  await visitor.open('Describe');
  await page.getByRole('radio', { name: 'Metrics' }).click();
  // The first probe may come before the server listens.
  await value(page, 'Probe runs, readiness, failed', /^[01]$/);
  const before = await charts(page);
  const names = before.map(chart => chart.name);
  for (const name of [
    'Probe runs, readiness, successful',
    'Probe runs, readiness, failed',
    'Average probe duration, readiness',
    'Restarts',
    'CPU',
    'Memory',
    'Failures in a row, readiness',
    'web: Ready endpoints',
    'web: Requests a second',
    'web: Lost a second',
  ]) {
    assert.ok(names.includes(name), `${name} is not among ${names.join('; ')}`);
  }
  for (const { name, value, spoken } of before) {
    assert.ok(spoken.startsWith(`${name}: ${value} now, `), `${spoken} does not say ${name} and ${value}`);
  }
  const successful = Number(before.find(chart => chart.name.endsWith('successful')).value);
  assert.ok(successful >= 3, `${successful} runs by 20 s, one every 5 s`);
  assert.match(before.find(chart => chart.name === 'CPU').value, /^\d+m$/);
  assert.match(before.find(chart => chart.name === 'Memory').value, /^[1-9]\d*Mi$/);
  assert.deepEqual(await barriers(page), []);

  await visitor.open('Faults');
  await page.locator('#fault-http').click();
  await page.locator('[data-pin]').first().waitFor();
  await visitor.goTo(38);
  await visitor.open('Describe');
  await page.getByRole('radio', { name: 'Metrics' }).click();
  // One failure more every 5 s, and one where a change of readiness sets off a probe (PRB-21); chart
  // and text come in one answer.
  const failed = await value(page, 'Probe runs, readiness, failed', /^[3-7]$/);
  const text = await page.locator('#metrics-text').textContent();
  assert.match(text, /^# HELP prober_probe_duration_seconds \[ALPHA\] .*\n# TYPE prober_probe_duration_seconds histogram\n/);
  const told = text.split('\n').filter(line => /^prober_probe_total.*result="failed"/.test(line));
  assert.ok(told.some(line => line.split(' ').pop() === failed), `${failed} is not in ${told.join('; ')}`);
  await page.locator('#metrics-copy').click();
  await page.waitForFunction(async text => await navigator.clipboard.readText() === text, text);

  await page.locator('#metrics-path').selectOption('/metrics/resource');
  await visitor.sees(page.locator('#metrics-text'), /container_cpu_usage_seconds_total\{container="server"/);
  assert.deepEqual(await barriers(page), []);
  await screenshot(page, 'panel-metrics-text');
  assert.deepEqual(await complaints(witness), []);
  await context.close();
});

test('the charts speak Chinese', async () => {
  const { page, context, witness, visitor } = await visit({ locale: 'zh-CN' });
  await page.locator('html[lang="zh-Hans"]').waitFor();
  await visitor.goTo(20);
  await visitor.open('详情');
  await page.getByRole('radio', { name: '指标' }).click();
  await value(page, '就绪探针运行次数，成功', /^[1-9]/);
  const spoken = (await charts(page)).map(chart => chart.spoken);
  assert.ok(spoken.some(text => text.startsWith('就绪探针平均耗时：现在 ')), spoken.join('; '));
  assert.ok(spoken.some(text => text.startsWith('内存：现在 ')), spoken.join('; '));
  assert.deepEqual(await complaints(witness), []);
  await context.close();
});
