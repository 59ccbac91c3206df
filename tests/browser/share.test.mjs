// Links: made in the dialog, opened elsewhere, and told apart when they are damaged or newer.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { barriers } from './axe.mjs';
import { browser, complaints, openWatched, screenshot, site, stage } from './harness.mjs';
import { livenessExec } from './manifests.mjs';
import { started, Visitor } from './visitor.mjs';

stage();

async function visit(address, options = {}) {
  const opened = await openWatched(browser, address, { locale: 'en-US', ...options });
  await started(opened.page);
  await opened.page.locator('.lane, .notice').first().waitFor({ timeout: 15_000 });
  return { ...opened, visitor: new Visitor(opened.page) };
}

const linkOf = async page => {
  await page.locator('#share').click();
  await page.waitForFunction(() => document.getElementById('share-link')?.value.includes('#1.'));
  return page.locator('#share-link').inputValue();
};

test('a link opens the same text, acts, seed, speed, language and moment', async () => {
  const { page, context, witness, visitor } = await visit(site.url);
  await visitor.run(livenessExec);
  await visitor.goTo(12);
  await page.locator('#fault-file').click();
  await page.locator('[data-pin]').first().waitFor();
  await page.getByRole('radio', { name: '60×' }).click();
  await visitor.goTo(40);
  const words = await page.locator('.container .chip').first().textContent();
  const link = await linkOf(page);
  assert.deepEqual(await barriers(page), []);
  await screenshot(page, 'share');
  await page.getByRole('button', { name: 'Copy' }).click();
  await page.locator('.share-told', { hasText: /\S/ }).waitFor();
  await page.getByRole('radio', { name: 'Embed code' }).click();
  await page.waitForFunction(() => document.getElementById('share-link').value.startsWith('<iframe src="http'));
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  assert.equal(await page.evaluate(() => document.activeElement.id), 'share', 'the focus is back');
  assert.deepEqual(await complaints(witness), []);
  await context.close();

  const other = await visit(link, { locale: 'zh-CN' });
  assert.equal(await other.visitor.text(), livenessExec);
  await other.visitor.shows(40);
  assert.equal(await other.visitor.clock(), 40);
  assert.equal(await other.page.locator('[data-pin]').count(), 1);
  assert.equal(await other.page.locator('.container .chip').first().textContent(), words);
  assert.equal(await other.page.getByRole('radio', { name: '60×' }).getAttribute('aria-checked'), 'true');
  assert.equal(await other.page.locator('html').getAttribute('lang'), 'en');
  assert.equal(await other.page.locator('.notice').count(), 0, 'the same engine gives the same result');
  // What is edited is no longer what the address says.
  await other.visitor.paste(livenessExec.replace('periodSeconds: 5', 'periodSeconds: 3'));
  await other.page.getByRole('button', { name: 'Restart with this' }).click();
  await other.page.waitForFunction(() => location.hash === '');
  assert.deepEqual(await complaints(other.witness), []);
  await other.context.close();
});

for (const [language, share, newer, broken] of [
  ['en', 'Share', 'made by a newer version', 'This link is damaged. Read: '],
  ['zh-Hans', '分享', '由更新的版本生成', '链接已损坏。已读取：'],
]) {
  test(`what is wrong with a link is said: ${language}`, async () => {
    const { page, context, visitor } = await visit(`${site.url}?lang=${language}`);
    const whole = await visitor.text();
    assert.equal((await page.locator('#share').textContent()).trim(), share);
    const link = await linkOf(page);
    assert.deepEqual(await barriers(page), []);
    await context.close();

    const cut = await visit(`${site.url}?lang=${language}${link.slice(link.indexOf('#'), -60)}`);
    await cut.page.locator('.notice', { hasText: broken }).waitFor();
    const rest = await cut.visitor.text();
    assert.ok(rest.length > 20 && whole.startsWith(rest), 'its beginning is there');
    assert.deepEqual(await barriers(cut.page), []);
    await screenshot(cut.page, `link-damaged-${language}`);
    await cut.page.locator('.notice button').click();
    await cut.page.locator('.notice').waitFor({ state: 'detached' });
    await cut.context.close();

    const future = await visit(`${site.url}?lang=${language}#9.AAAA`);
    await future.page.locator('.notice', { hasText: newer }).waitFor();
    await future.context.close();
  });
}

test('a link whose trace differs says with which engine it was made', async () => {
  const { encode } = await import('../../editor/link.js');
  const link = await encode([['engine', '0.0.9'], ['trace', '00000000000000ff'], ['text', livenessExec]]);
  const { page, context } = await visit(`${site.url}?lang=en#${link}`);
  await page.locator('.notice', { hasText: 'made with readyz 0.0.9' }).waitFor();
  await context.close();
});
