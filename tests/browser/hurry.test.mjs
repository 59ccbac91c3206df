// Who types faster than a slow machine shows: no key is lost, none acts elsewhere, and what is done
// goes by what was typed rather than by what was shown last.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { browser, complaints, openWatched, site, stage } from './harness.mjs';
import { livenessExec, livenessHttp } from './manifests.mjs';
import { slow, started, Visitor } from './visitor.mjs';

stage();

async function visit(text, query = '') {
  const opened = await openWatched(browser, site.url + query, { locale: 'en-US' });
  await started(opened.page);
  const visitor = new Visitor(opened.page);
  if (text) await visitor.run(text);
  else await visitor.editor();
  return { ...opened, visitor };
}

/** Presses keys one after another without waiting for the page: letters, and names of keys with their modifiers. */
async function press(cdp, ...keys) {
  const codes = { Enter: 13, Tab: 9, Escape: 27, ArrowUp: 38, ArrowDown: 40 };
  const events = keys.flatMap(name => {
    const control = name.startsWith('Control+');
    const key = control ? name.slice(8) : name;
    const text = control ? '' : key === 'Enter' ? '\r' : key.length === 1 ? key : '';
    const code = codes[key] ?? (/^[a-z0-9 ]$/i.test(key) ? key.toUpperCase().charCodeAt(0) : 0);
    const common = { key, windowsVirtualKeyCode: code, modifiers: control ? 2 : 0 };
    return [{ ...common, type: text ? 'keyDown' : 'rawKeyDown', ...(text && { text, unmodifiedText: text }) }, { ...common, type: 'keyUp' }];
  });
  await Promise.all(events.map(event => cdp.send('Input.dispatchKeyEvent', event)));
}

test('the palette: from the picture, from the editor and beside the terminal', async () => {
  const { page, context, witness, visitor } = await visit(livenessExec);
  const cdp = await slow(page);
  const tab = name => page.getByRole('tab', { name, exact: true });
  const selected = name => page.waitForFunction(wanted => document.querySelector('[role=tab][aria-selected=true]')?.textContent === wanted, name);
  await page.locator('#cluster').focus();
  await press(cdp, 'Control+k', ...'events', 'Enter');
  await selected('Events');
  await (await visitor.editor()).focus();
  await press(cdp, 'Control+k', ...'terminal', 'Enter');
  await selected('Terminal');
  await page.locator('#command').focus();
  await press(cdp, 'Control+k', ...'timing', 'Enter');
  await selected('Timing');
  // The second of those that are left.
  await page.locator('#cluster').focus();
  await press(cdp, 'Control+k', ...'speed', 'ArrowDown', 'Enter');
  await page.locator('#palette').waitFor({ state: 'detached' });
  await page.locator('[data-speed="10000"][aria-checked="true"]').waitFor();
  // A change of mind.
  await press(cdp, 'Control+k', ...'fork', 'Escape', 'm');
  await page.locator('.marker').waitFor({ state: 'attached' });
  await page.locator('#palette').waitFor({ state: 'detached' });
  assert.equal(await page.locator('#branch').count(), 0, 'no letter was a shortcut of the page');
  assert.equal(await visitor.text(), livenessExec, 'no letter went into the text');
  await tab('Terminal').click();
  assert.equal(await page.locator('#command').inputValue(), '');
  assert.equal(await page.locator('.console-entry').count(), 0);
  assert.deepEqual(await complaints(witness), []);
  await context.close();
});

test('while a dialog is open, keys do nothing behind it', async () => {
  const { page, context } = await visit('');
  const cdp = await slow(page);
  await page.locator('#cluster').focus();
  await press(cdp, '?', 'f', '3');
  await page.getByRole('dialog').waitFor();
  await press(cdp, 'f', '3');
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  assert.equal(await page.locator('#branch').count(), 0);
  assert.equal(await page.locator('[data-speed="60000"]').getAttribute('aria-checked'), 'false');
  await context.close();
});

test('what was typed for a dialog is not for the next one', async () => {
  const { page, context } = await visit('');
  const cdp = await slow(page);
  const offered = async () => {
    await page.locator('#palette').waitFor();
    assert.equal(await page.locator('#palette').inputValue(), '');
    assert.equal(await page.locator('#command-0').getAttribute('aria-selected'), 'true');
    await page.keyboard.press('Escape');
    await page.locator('#palette').waitFor({ state: 'detached' });
  };
  await page.locator('#cluster').focus();
  await press(cdp, 'Control+k', ...'zoom', 'ArrowDown', 'Escape');
  await press(cdp, 'Control+k');
  await offered();
  await press(cdp, '?', 'ArrowDown');
  await page.getByRole('dialog').waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await press(cdp, 'Control+k');
  await offered();
  await context.close();
});

test('the terminal: lines in a row, and those before them again', async () => {
  const { page, context, witness, visitor } = await visit(livenessExec);
  await visitor.open('Terminal');
  const cdp = await slow(page);
  await page.locator('#command').focus();
  await press(cdp, ...'kubectl get pods', 'Enter', ...'kubectl get nodes', 'Enter', ...'kubectl get events', 'Enter', 'ArrowUp', 'ArrowUp', 'Enter', ...'kube');
  await page.waitForFunction(() => document.querySelectorAll('.console-entry').length === 4);
  const lines = ['kubectl get pods', 'kubectl get nodes', 'kubectl get events', 'kubectl get nodes'];
  assert.deepEqual(await page.locator('.console-entry b').allTextContents(), lines);
  assert.equal(await page.locator('#command').inputValue(), 'kube');
  // An answer that comes too late completes nothing.
  await press(cdp, 'Tab', 'x');
  await page.waitForTimeout(1_000);
  assert.match(await page.locator('#command').inputValue(), /^kube(ctl )?x$/);
  await press(cdp, 'Escape', 'Tab');
  await page.waitForFunction(() => document.activeElement?.id !== 'command');
  assert.deepEqual(await complaints(witness), []);
  await context.close();
});

test('the editor: a long line, letter by letter', async () => {
  const { page, context, witness, visitor } = await visit(livenessExec);
  const cdp = await slow(page);
  await (await visitor.editor()).focus();
  await page.keyboard.press('Control+End');
  const words = `# ${'the quick brown fox jumps over the lazy dog '.repeat(2)}`.trim();
  await press(cdp, ...words);
  await page.waitForFunction(text => globalThis.readyz.text().endsWith(text), words);
  await page.locator('#applied').waitFor();
  await page.waitForTimeout(1_000); // nothing is taken back later
  assert.equal(await visitor.text(), livenessExec + words);
  assert.deepEqual(await complaints(witness), []);
  await context.close();
});

test('values of a fault: two fields, then its button', async () => {
  const { page, context, witness, visitor } = await visit(livenessHttp);
  await visitor.goTo(12);
  const cdp = await slow(page);
  await page.locator('#fault-path').focus();
  await page.locator('#fault-path').evaluate(input => input.select());
  await press(cdp, ...'/healthz?deep');
  await page.locator('#fault-http-value').evaluate(input => { input.focus(); input.select(); });
  await press(cdp, ...'503', 'Tab', 'Enter');
  const pin = page.locator('[data-pin]');
  await pin.waitFor();
  await page.getByRole('button', { name: /^Heal: / }).first().waitFor();
  await page.locator('.fault-row.active code, .fault-row.active .command').first().filter({ hasText: '503' }).waitFor();
  await page.locator('.fault-row.active .command').first().filter({ hasText: '/healthz?deep' }).waitFor();
  assert.match(await pin.getAttribute('data-pin'), /503/);
  assert.deepEqual(await complaints(witness), []);
  await context.close();
});

test('numbers of the calculator: one after another, also while moments pass', async () => {
  const { page, context, witness, visitor } = await visit(livenessExec);
  await visitor.open('Timing');
  const field = name => page.locator(`[data-field="${name}"]`).first();
  await field('periodSeconds').waitFor();
  await page.getByRole('button', { name: 'Play', exact: true }).click();
  const cdp = await slow(page);
  const into = name => field(name).evaluate(input => { input.focus(); input.select(); });
  await into('periodSeconds');
  await press(cdp, '1', '2');
  await page.waitForTimeout(1_500); // views come meanwhile
  assert.equal(await field('periodSeconds').inputValue(), '12');
  // Left for another field, whose number is changed at once.
  await page.evaluate(() => {
    const set = (name, value) => {
      const input = document.querySelector(`[data-field="${name}"]`);
      input.focus();
      input.value = value;
      input.dispatchEvent(new Event('change', { bubbles: true }));
    };
    set('periodSeconds', '12');
    set('initialDelaySeconds', '7');
  });
  await page.waitForFunction(() => /initialDelaySeconds: 7\n\s*periodSeconds: 12\n/.test(globalThis.readyz.text()));
  assert.deepEqual(await complaints(witness), []);
  await context.close();
});
