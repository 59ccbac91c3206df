// How fast the built page is in headless Chromium: `node scripts/measure-page.mjs` (after make dist).
// Each figure stands beside that of a control page, which does next to nothing, in the same browser;
// and beside times on the wall stands processor time (`tdur` of a trace), which other jobs disturb little.
// Prints a table; `--json FILE` keeps the figures. Asserts nothing: machines differ.
import { writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { launch, servePage } from '../tests/browser/harness.mjs';
import { manifest } from './lib/busy.mjs';
import { say } from './lib/toolbox.mjs';

const frameThrottle = 4;
const playSeconds = Number(process.env.READYZ_MEASURE_SECONDS || 8);
const times = Number(process.env.READYZ_MEASURE_TIMES || 120);
const handRests = 100; // milliseconds from the end of a move of the pointer to the press of its button
const keyIsDown = 80; // milliseconds; after a release Chromium lets workers' messages wait for the next frame
const traced = Math.ceil(times / 4) * 2; // even: every second key takes back what one has written

/** A page that answers keys and pointers, and moves one element a frame. */
const control = `<!doctype html><title>control</title>
<textarea id="text" rows="4"></textarea><div id="ruler" style="height:20px;background:#ddd"></div>
<p id="words">0</p><canvas id="canvas" width="1200" height="280"></canvas><p id="mover">x</p>
<script>
const canvas = document.getElementById('canvas'), words = document.getElementById('words');
const draw = () => { canvas.width = 1200; canvas.getContext('2d').fillRect(0, 0, 9, 9); };
document.getElementById('text').oninput = draw;
document.getElementById('ruler').onpointerdown = event => { words.dataset.from = event.clientX; words.textContent = event.clientX; };
const move = now => { document.getElementById('mover').style.transform = 'translateX(' + now % 100 + 'px)'; requestAnimationFrame(move); };
move(0);
</script>`;

/** In the page: from an input event to the frame that shows a change of an element's attribute. */
function watchLatency({ selector, attribute, event }) {
  globalThis.latencies = [];
  let began = null;
  addEventListener(event, ({ timeStamp }) => { began = timeStamp; }, { capture: true });
  new MutationObserver(() => {
    if (began === null) return;
    const start = began;
    began = null;
    requestAnimationFrame(() => {
      const channel = new MessageChannel();
      channel.port1.onmessage = () => globalThis.latencies.push(performance.now() - start);
      channel.port2.postMessage(0);
    });
  }).observe(document.querySelector(selector), { attributes: true, attributeFilter: [attribute] });
}

const sorted = numbers => [...numbers].sort((a, b) => a - b);
const quantile = (numbers, share) => sorted(numbers)[Math.min(numbers.length - 1, Math.floor(numbers.length * share))] ?? NaN;

/** Script of the main thread in each frame of a trace, in milliseconds on the wall (`dur`) or of the processor (`tdur`). */
function scriptAFrame(events, clock) {
  const main = events.find(event => event.name === 'FireAnimationFrame');
  if (!main) return [];
  const own = events.filter(event => event.pid === main.pid && event.tid === main.tid);
  const begins = sorted(own.filter(event => event.name === 'FireAnimationFrame').map(event => event.ts));
  const frames = begins.filter((ts, index) => index === 0 || ts - begins[index - 1] > 2_000);
  const script = own.filter(event => event.ph === 'X' && /^(FunctionCall|RunMicrotasks|EvaluateScript|FireAnimationFrame|TimerFire|HandlePostMessage)$/.test(event.name))
    .sort((a, b) => a.ts - b.ts);
  const sums = frames.map(() => 0);
  let [frame, end] = [0, 0];
  for (const event of script) {
    if (event.ts < end) continue; // calls lie within calls: count every microsecond once
    end = event.ts + event.dur;
    while (frame + 1 < frames.length && frames[frame + 1] <= event.ts) frame++;
    if (event.ts >= frames[0]) sums[frame] += (event[clock] ?? 0) / 1e3;
  }
  return sums.slice(0, -1);
}

/** Processor time of each task of the page's thread and of the engine's worker, in milliseconds. */
function processorTime(events) {
  const names = new Map(events.filter(({ name }) => name === 'thread_name').map(({ pid, tid, args }) => [`${pid}:${tid}`, args.name]));
  const { pid } = events.find(({ name }) => name === 'FireAnimationFrame') ?? {};
  const tasks = events.filter(event => event.name === 'RunTask' && event.ph === 'X' && event.pid === pid);
  const of = thread => tasks.filter(({ tid }) => names.get(`${pid}:${tid}`)?.startsWith(thread)).map(({ tdur = 0 }) => tdur / 1e3);
  return { page: of('CrRendererMain'), engine: of('DedicatedWorker') };
}

const sum = numbers => numbers.reduce((all, one) => all + one, 0);

async function trace(browser, page, act) {
  await browser.startTracing(page, { categories: ['devtools.timeline', 'disabled-by-default-devtools.timeline'] });
  await act();
  return JSON.parse((await browser.stopTracing()).toString()).traceEvents;
}

async function throttle(page, rate) {
  const session = await page.context().newCDPSession(page);
  await session.send('Emulation.setCPUThrottlingRate', { rate });
}

async function open(browser, url, text) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'en-US' });
  if (text) await context.addInitScript(value => localStorage.setItem('readyz.text', value), text);
  const page = await context.newPage();
  await page.goto(url);
  if (text) {
    await page.locator('#applied').waitFor({ timeout: 60_000 });
    await page.locator('#editor[data-rich]').waitFor({ state: 'attached', timeout: 30_000 });
    await page.waitForTimeout(1_500);
  }
  return page;
}

async function frames(browser, page, plays) {
  await throttle(page, frameThrottle);
  if (plays) {
    await page.getByRole('button', { name: 'Play', exact: true }).click();
    await page.waitForTimeout(1_500);
  }
  const events = await trace(browser, page, () => page.waitForTimeout(playSeconds * 1e3));
  await throttle(page, 1);
  await page.context().close();
  return { wall: scriptAFrame(events, 'dur'), processor: scriptAFrame(events, 'tdur') };
}

/** Latencies of acts, and then, of some more, the processor time of one. */
async function latencies(browser, page, what, act) {
  await page.evaluate(watchLatency, what);
  const some = async (from, to) => {
    for (let turn = from; turn < to; turn++) {
      const before = await page.evaluate(() => globalThis.latencies.length);
      await act(turn);
      await page.waitForFunction(count => globalThis.latencies.length > count, before, { timeout: 10_000 }).catch(() => {});
      await page.waitForTimeout(120);
    }
  };
  await some(0, times);
  const wall = await page.evaluate(() => globalThis.latencies);
  const { page: own, engine } = processorTime(await trace(browser, page, () => some(times, times + traced)));
  return { wall, page: sum(own) / traced, engine: sum(engine) / traced };
}

async function longTasks(browser, url, text) {
  const page = await open(browser, `${url}?speed=10`, text);
  await page.getByRole('button', { name: 'Play', exact: true }).click();
  await page.waitForTimeout(1_500);
  await page.evaluate(() => {
    globalThis.longTasks = [];
    new PerformanceObserver(list => globalThis.longTasks.push(...list.getEntries().map(entry => entry.duration))).observe({ type: 'longtask' });
  });
  await page.waitForTimeout(playSeconds * 1e3);
  const wall = await page.evaluate(() => globalThis.longTasks);
  const processor = processorTime(await trace(browser, page, () => page.waitForTimeout(playSeconds * 1e3))).page;
  await page.context().close();
  return { wall, processor };
}

async function keystrokes(browser, url, text, delay) {
  const page = await open(browser, url, text);
  const selector = text ? '#plot canvas' : '#canvas';
  if (text) {
    await page.locator('.cm-line', { hasText: 'failureThreshold' }).click();
    await page.keyboard.press('End');
    await page.keyboard.press('ArrowLeft');
  } else {
    await page.locator('#text').focus();
  }
  const found = await latencies(browser, page, { selector, attribute: 'width', event: 'keydown' }, turn => page.keyboard.press(turn % 2 ? 'Backspace' : '0', { delay }));
  await page.context().close();
  return found;
}

async function seeks(browser, url, text) {
  const page = await open(browser, url, text);
  if (text) await page.locator('#fit').click();
  const box = await page.locator('#ruler').boundingBox();
  const place = turn => box.x + 20 + ((turn * 197) % Math.floor(box.width - 40));
  const selector = text ? '#cluster' : '#words';
  const found = await latencies(browser, page, { selector, attribute: 'data-from', event: 'pointerdown' }, async turn => {
    await page.mouse.move(place(turn), box.y + 8);
    await page.waitForTimeout(handRests);
    await page.mouse.down();
    await page.mouse.up();
  });
  await page.context().close();
  return found;
}

const site = await servePage((path, response) => {
  if (path !== '/control.html') return false;
  response.setHeader('Content-Type', 'text/html; charset=utf-8');
  response.end(control);
  return true;
});
const browser = await launch();
const rows = [];
const row = (what, goal, page, beside) => {
  rows.push({ what, goal, load: Number(loadavg()[0].toFixed(1)), page: Number(page.toFixed(1)), control: Number(beside.toFixed(1)) });
  say(`${what}: ${page.toFixed(1)} (control ${beside.toFixed(1)}${Number.isNaN(goal) ? '' : `, goal ${goal}`}; load ${loadavg()[0].toFixed(1)})`);
};
try {
  const empty = new URL('/control.html', site.url).href;
  const hundred = manifest(100, '1h', 3);
  const still = await frames(browser, await open(browser, empty), false);
  const played = await frames(browser, await open(browser, `${site.url}?speed=10`, hundred), true);
  row('script a frame, ms, median, 100 Pods at 10×, processor slowed 4×', 4, quantile(played.wall, 0.5), quantile(still.wall, 0.5));
  row('the same, p95', NaN, quantile(played.wall, 0.95), quantile(still.wall, 0.95));
  row('the same, processor time, median', NaN, quantile(played.processor, 0.5), quantile(still.processor, 0.5));
  row('frames a second in that run', 60, played.wall.length / playSeconds, still.wall.length / playSeconds);
  const long = await longTasks(browser, site.url, manifest(1_000, '10m', 10));
  row('tasks over 50 ms, 1,000 Pods at 10×', 0, long.wall.length, 0);
  row('longest of them, ms', 50, Math.max(0, ...long.wall), 0);
  row('tasks over 50 ms of processor time', 0, long.processor.filter(time => time > 50).length, 0);
  row('longest task in processor time, ms', 50, Math.max(0, ...long.processor), 0);
  const measure = (what, goal, measured, beside) => {
    row(`${what}, ms, p95, 100 Pods × 1 h`, goal, quantile(measured.wall, 0.95), quantile(beside.wall, 0.95));
    row('the same, median', NaN, quantile(measured.wall, 0.5), quantile(beside.wall, 0.5));
    row('its processor time in the page, ms', NaN, measured.page, beside.page);
    row('its processor time in the engine, ms', NaN, measured.engine, beside.engine);
  };
  const keys = async (what, goal, delay) => measure(
    what, goal, await keystrokes(browser, site.url, hundred, delay), await keystrokes(browser, empty, undefined, delay));
  await keys('keystroke to repainted timeline', 50, keyIsDown);
  await keys('keystroke whose key is released at once', NaN, 0);
  measure('seek to repainted picture', 16, await seeks(browser, site.url, hundred), await seeks(browser, empty));
} finally {
  await browser.close();
  await site.close();
}
const out = process.argv.indexOf('--json');
if (out > 0) writeFileSync(process.argv[out + 1], `${JSON.stringify(rows, null, 2)}\n`);
