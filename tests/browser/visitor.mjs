// What a visitor does and sees, in their words, so that stories read as stories.
import assert from 'node:assert/strict';

/** The page has started when what was prerendered was replaced by what runs. */
export const started = frame =>
  frame.waitForFunction(() => document.documentElement.dataset.started !== undefined);

/** From now on the page's processor is six times slower. Returns what speaks to the browser. */
export async function slow(page) {
  const browser = await page.context().newCDPSession(page);
  await browser.send('Emulation.setCPUThrottlingRate', { rate: 6 });
  return browser;
}

/** Seconds of a clock such as 1:04.2. */
export function secondsOf(clock) {
  const [minutes, seconds] = clock.split(':');
  return Number(minutes) * 60 + Number(seconds);
}

/** Types a line at the terminal and waits for its answer, as text. */
export async function types(page, line) {
  const input = page.locator('#command');
  const entries = page.locator('.console-entry');
  const before = await entries.count();
  await input.fill(line);
  await input.press('Enter');
  await page.waitForFunction(count => {
    const found = document.querySelectorAll('.console-entry');
    return found.length > count && !found[found.length - 1].textContent.endsWith('…');
  }, before, { timeout: 30_000 });
  return (await entries.last().locator('pre').allTextContents()).join('');
}

export class Visitor {
  constructor(page) {
    this.page = page;
  }

  /** The field that takes text, once the code editor has come. */
  async editor() {
    await this.page.locator('#editor[data-rich]').waitFor({ state: 'attached', timeout: 15_000 });
    return this.page.locator('.cm-content');
  }

  /** Replaces the editor's text, as pasting over a selection does. */
  async paste(text) {
    await (await this.editor()).focus();
    await this.page.keyboard.press('Control+a');
    await this.page.locator('.cm-content').evaluate((content, pasted) => {
      const clipboardData = new DataTransfer();
      clipboardData.setData('text/plain', pasted);
      content.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
    }, text || ' ');
    if (!text) await this.page.keyboard.press('Backspace');
  }

  /** What stands in the editor. */
  async text() {
    await this.editor();
    return this.page.evaluate(() => globalThis.readyz.text());
  }

  /** Pastes a text without errors, and waits until the cluster runs it. */
  async run(text) {
    const before = await this.page.locator('#applied').textContent({ timeout: 15_000 });
    await this.paste(text);
    await this.page.waitForFunction(
      former => {
        const chip = document.getElementById('applied');
        return chip && chip.textContent !== former;
      }, before);
    await this.page.locator('#summary', { hasText: /No problems|remark|没有问题|提示/ }).waitFor();
  }

  async clock() {
    return secondsOf(await this.page.locator('#clock').textContent());
  }

  /** Waits until what was done is on the screen. */
  async painted() {
    await this.page.evaluate(() => new Promise(done => {
      requestAnimationFrame(() => requestAnimationFrame(() => requestAnimationFrame(done)));
    }));
  }

  /** Moves the playhead with the ruler's keys, to a tenth of a second. */
  async goTo(seconds) {
    const ruler = this.page.locator('#ruler');
    await ruler.focus();
    await ruler.press('Home');
    const tenths = Math.round(seconds * 10);
    for (let i = 0; i < Math.floor(tenths / 100); i++) await ruler.press('Shift+ArrowRight');
    for (let i = 0; i < Math.floor(tenths / 10) % 10; i++) await ruler.press('ArrowRight');
    for (let i = 0; i < tenths % 10; i++) await ruler.press('Alt+ArrowRight');
    await this.shows(seconds);
  }

  /** Waits until the picture is that of a moment: a view holds for a stretch of time. */
  async shows(seconds) {
    const there = this.page.waitForFunction(nanos => {
      const { from, until } = document.getElementById('cluster').dataset;
      return Number(from) <= nanos && nanos < Number(until);
    }, Math.round(seconds * 10) * 1e8);
    await there.catch(async error => {
      const { from, until } = await this.page.locator('#cluster').evaluate(({ dataset }) => ({ ...dataset }));
      const clock = await this.page.locator('#clock').textContent();
      throw new Error(`no picture of ${seconds} s: it is that of ${from} to ${until} ns, the clock says ${clock}`, { cause: error });
    });
  }

  async play(speed) {
    await this.page.getByRole('radio', { name: speed, exact: true }).click();
    await this.page.getByRole('button', { name: 'Play', exact: true }).click();
  }

  async pause() {
    await this.page.getByRole('button', { name: 'Pause', exact: true }).click();
  }

  async open(tab) {
    await this.page.getByRole('tab', { name: tab, exact: true }).click();
  }

  /** Rows of the events tab: reason, message, and what stands in the column Age. */
  async events() {
    await this.open('Events');
    return this.page.locator('#events tbody tr').evaluateAll(rows => rows.map(row => ({
      reason: row.dataset.reason,
      age: row.cells[0].textContent,
      message: row.querySelector('.message').textContent,
    })));
  }

  /** Goes to an event's last occurrence by its reason; returns the moment in seconds. */
  async goToEvent(reason, nth = 0) {
    await this.open('Events');
    await this.page.locator(`#events tr[data-reason="${reason}"] button`).nth(nth).click();
    await this.painted();
    return this.clock();
  }

  /** What `kubectl get pods` prints: one array of cells for each Pod. */
  async table() {
    await this.page.getByRole('radio', { name: 'Table', exact: true }).click();
    const rows = await this.page.locator('#pods tbody tr').evaluateAll(found =>
      found.map(row => [...row.cells].map(cell => cell.textContent)));
    await this.page.getByRole('radio', { name: 'Picture', exact: true }).click();
    return rows;
  }

  gauge(kind, container) {
    const where = container
      ? this.page.locator(`[data-container="${container}"]`)
      : this.page.locator('#cluster');
    return where.locator(`[data-probe="${kind}"]`);
  }

  /** What a probe's gauge is called: its count against its threshold, or its state. */
  verdict(kind, container) {
    return this.gauge(kind, container).locator('.unseen').textContent();
  }

  restarts() {
    return this.page.locator('.pod .restarts b');
  }

  /** Waits until a locator's text is this. */
  async sees(locator, text) {
    await locator.filter({ hasText: text }).first().waitFor({ timeout: 10_000 });
  }
}

/** `actual` lies within `tolerance` of `expected`. */
export function near(actual, expected, tolerance, what) {
  assert.ok(Math.abs(actual - expected) <= tolerance, `${what}: ${actual}, expected ${expected} ± ${tolerance}`);
}
