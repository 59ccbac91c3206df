// An image that nobody has described: the page says what it assumes, and writes it into the text.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { barriers } from './axe.mjs';
import { browser, complaints, openWatched, screenshot, site, stage } from './harness.mjs';
import { started, Visitor } from './visitor.mjs';

stage();

const unknown = `apiVersion: v1
kind: Pod
metadata: {name: shop}
spec:
  containers:
  - name: app
    image: registry.example/shop:1
    ports: [{containerPort: 8080}]
    readinessProbe: {httpGet: {path: /, port: 8080}, periodSeconds: 2}
`;

async function visit(locale) {
  const opened = await openWatched(browser, site.url, { locale });
  await started(opened.page);
  await opened.page.locator('#applied').waitFor({ timeout: 30_000 });
  return { ...opened, visitor: new Visitor(opened.page) };
}

test('what is assumed of an image is said, and written into the text by a click', async () => {
  const { page, context, witness, visitor } = await visit('en-US');
  await visitor.run(unknown);
  await visitor.goTo(10);
  await visitor.open('Faults');
  const assumed = page.locator('#assumed');
  assert.match(await assumed.textContent(), /Nobody has described this image.*200 from 1 s on/);
  assert.deepEqual(await barriers(page), []);
  await screenshot(page, 'assumed');
  await page.locator('#describe-image').click();
  await assumed.waitFor({ state: 'detached' });
  const text = await visitor.text();
  assert.ok(text.startsWith(unknown), text);
  assert.match(text, /kind: Scenario[\s\S]*images:\n {2}- image: 'registry\.example\/shop:1'\n {4}startup: 1s\n {4}listen: \[8080\]/);
  // It is the user's now: another start-up time changes the run.
  await visitor.run(text.replace('startup: 1s', 'startup: 30s'));
  await visitor.goTo(20);
  await visitor.gauge('readiness').locator('.unseen', { hasText: /failed/ }).waitFor({ timeout: 10_000 });
  // An image that the catalogue knows needs no word.
  await visitor.run(unknown.replace('registry.example/shop:1', 'nginx').replaceAll('8080', '80'));
  await visitor.goTo(10);
  assert.equal(await assumed.count(), 0);
  assert.deepEqual(await complaints(witness), []);
  await context.close();
});

test('in Chinese, too', async () => {
  const { page, context, witness } = await visit('zh-CN');
  const visitor = new Visitor(page);
  await visitor.paste(unknown);
  await page.locator('#assumed', { hasText: '没有人描述过这个镜像' }).waitFor({ timeout: 15_000 });
  assert.equal((await page.locator('#describe-image').textContent()).trim(), '在文本里描述它');
  assert.deepEqual(await complaints(witness), []);
  await context.close();
});
