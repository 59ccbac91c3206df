// What a stranger pastes, and finds: texts that a web page has damaged, texts whose first error is
// far from their end, texts that bring no Pod yet or ever.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { browser, complaints, openWatched, site, stage } from './harness.mjs';
import { livenessExec, webWithService } from './manifests.mjs';
import { started, Visitor } from './visitor.mjs';

stage();

async function visit(query = '', options = {}) {
  const opened = await openWatched(browser, site.url + query, { locale: 'en-US', ...options });
  await started(opened.page);
  await opened.page.locator('#editor[data-rich]').waitFor({ state: 'attached', timeout: 15_000 });
  return { ...opened, visitor: new Visitor(opened.page) };
}

const flat = livenessExec.split('\n').map(line => line.trim()).join('\n');
const damaged = [
  ['indentation', flat, 'the indentation is lost', '缩进丢失了'],
  ['line breaks', livenessExec.replaceAll(/\s*\n\s*/g, ' '), 'the line breaks are lost', '换行丢失了'],
  ['line numbers', livenessExec.split('\n').map((line, at) => `${at + 1} ${line}`).join('\n'), 'leave out the line numbers', '去掉行号'],
  ['wide colons', livenessExec.replaceAll(': ', '： '), 'write : and a space', '写半角冒号加空格'],
];

for (const [language, way] of [['en', 2], ['zh-Hans', 3]]) {
  test(`a paste that a web page has damaged is told what it lost: ${language}`, async () => {
    const { page, context, witness, visitor } = await visit(`?lang=${language}`);
    for (const [what, text, ...words] of damaged) {
      await visitor.paste(text);
      const told = page.locator('.cm-editor .problem').first();
      await told.filter({ hasText: words[way - 2] }).waitFor({ timeout: 10_000 }).catch(error => {
        throw new Error(`${what}: ${words[way - 2]}`, { cause: error });
      });
    }
    assert.deepEqual(await complaints(witness), []);
    await context.close();
  });
}

test('after a long paste the first error is out of sight, and one press away', async () => {
  const { page, context, witness, visitor } = await visit();
  const error = livenessExec.replace('kind: Pod', 'kind: Pods');
  await visitor.paste(`${error}\n${'# a remark\n'.repeat(80)}`);
  const chip = page.locator('#first-error');
  assert.equal(await chip.textContent(), 'L2');
  const problem = page.locator('.cm-editor .problem');
  const pane = await page.locator('#editor').boundingBox();
  const inSight = async () => {
    const box = await problem.count() ? await problem.first().boundingBox() : null;
    return box !== null && box.y >= pane.y && box.y + box.height <= pane.y + pane.height;
  };
  assert.equal(await inSight(), false, 'the paste ends below it');
  await chip.click();
  await problem.first().waitFor();
  assert.equal(await inSight(), true);
  assert.deepEqual(await complaints(witness), []);
  await context.close();
});

test('at 0:00 a Deployment has no Pods: one press leads to the first container', async () => {
  const { page, context, witness, visitor } = await visit();
  await visitor.run(webWithService);
  assert.equal(await visitor.clock(), 0);
  await page.locator('#first-pod').click();
  await page.locator('.pod').first().waitFor();
  await visitor.painted();
  const at = await visitor.clock();
  assert.ok(at > 0 && at < 3, `${at} s`);
  assert.equal(await page.locator('#first-pod').count(), 0);
  assert.deepEqual(await complaints(witness), []);
  await context.close();
});

test('a Deployment with 0 replicas is told so, not met with a list of kinds', async () => {
  const { page, context, visitor } = await visit();
  await visitor.run(webWithService.replace(/replicas: \d+/, 'replicas: 0'));
  await page.locator('.empty', { hasText: '0 replicas' }).waitFor();
  await context.close();
});

for (const [width, height] of [[1024, 768], [390, 844]]) {
  test(`without a keyboard, everything that has no room at ${width} px is in one list`, async () => {
    const { page, context, witness } = await visit('?example=service-readiness&t=45', { viewport: { width, height } });
    await page.locator('#commands-open').click();
    await page.getByRole('option', { name: 'Help and keyboard map' }).click();
    await page.getByRole('dialog', { name: 'Help and keyboard map' }).waitFor();
    await page.locator('#dialog-close').click();
    await page.locator('#commands-open').click();
    await page.getByRole('option', { name: /^Branches/ }).click();
    const fork = page.locator('#fork-here');
    await fork.waitFor();
    const { right, cut } = await fork.evaluate(button => ({
      right: button.getBoundingClientRect().right, cut: button.scrollWidth > button.clientWidth,
    }));
    assert.ok(right <= width && !cut, `the button ends at ${right}`);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    assert.ok(wide <= 0, `${wide} px too wide`);
    assert.deepEqual(await complaints(witness), []);
    await context.close();
  });
}

for (const language of ['en', 'zh-Hans']) {
  test(`two branches side by side leave a phone's page as wide as it is: ${language}`, async () => {
    const query = `?example=service-readiness&t=40&lang=${language}`;
    const { page, context, witness } = await visit(query, { viewport: { width: 390, height: 844 } });
    await page.locator('.pod').first().waitFor();
    await page.locator('#commands-open').click();
    await page.getByRole('option', { name: /^(Fork|分叉)/ }).click();
    await page.locator('#commands-open').click();
    await page.getByRole('option', { name: /^(Compare|对比)/ }).click();
    await page.locator('.totals').waitFor();
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    assert.ok(wide <= 0, `${wide} px too wide`);
    const cut = await page.locator('.label.dim').evaluateAll(labels =>
      labels.filter(label => label.scrollWidth > label.clientWidth).map(label => label.textContent));
    assert.deepEqual(cut, []);
    assert.deepEqual(await complaints(witness), []);
    await context.close();
  });
}
