// The built page in the engines beside Chromium: the same link shows the same, to the byte.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { encode } from '../../editor/link.js';
import { root } from '../../scripts/lib/toolbox.mjs';
import { launch, servePage } from '../browser/harness.mjs';
import { installed, openEngine } from './driver.mjs';

let site;
let expected;

before(async () => {
  site = await servePage();
  const browser = await launch();
  try {
    const page = await (await browser.newContext({ viewport: { width: 1440, height: 900 } })).newPage();
    expected = await story({
      goto: url => page.goto(url),
      evaluate: (work, given) => page.evaluate(work, given),
      until: (work, given) => page.waitForFunction(work, given),
      press: async (...keys) => { for (const key of keys) await page.keyboard.press(key); },
    });
  } finally {
    await browser.close();
  }
});
after(() => site?.close());

/** Opens examples by link at a moment, acts, and asks the terminal; everything that is told on the way. */
async function story(page) {
  const told = {};
  for (const [example, millis] of [['liveness-exec', 163_000], ['two-containers', 90_000], ['service-readiness', 45_000]]) {
    const text = readFileSync(join(root, 'examples', `${example}.yaml`), 'utf8');
    await page.goto('about:blank'); // else only the fragment changes
    await page.goto(`${site.url}?lang=en#${await encode([['text', text], ['at', String(millis)]])}`);
    await page.until(nanos => {
      const { from, until } = document.getElementById('cluster')?.dataset ?? {};
      return Number(from) <= nanos && nanos < Number(until);
    }, millis * 1e6);
    await page.evaluate(() => { // kept in the page: Firefox's scripts run beside it
      const tell = text => { document.documentElement.dataset.wrong = `${document.documentElement.dataset.wrong ?? ''}${text}\n`; };
      addEventListener('securitypolicyviolation', event => tell(`${event.violatedDirective} ${event.blockedURI}`));
      addEventListener('error', event => tell(event.message));
      addEventListener('unhandledrejection', event => tell(String(event.reason)));
    });
    await ask(page, 'kubectl get pods -A -o yaml');
    await ask(page, 'kubectl delete pods --all --wait=false'); // an act of one's own forks the run
    await ask(page, 'kubectl get pods');
    await ask(page, 'kubectl get events -A -o json');
    await ask(page, 'kubectl describe nodes');
    told[example] = await page.evaluate(() => [
      document.getElementById('console').textContent, document.getElementById('clock').textContent,
      document.getElementById('cluster').textContent, document.documentElement.dataset.wrong ?? 'nothing wrong',
    ]);
  }
  return told;
}

/** Types a command into the terminal and waits for its answer. */
async function ask(page, command) {
  await page.evaluate(() => document.getElementById('tab-terminal').click());
  await page.until(() => document.getElementById('command'));
  const before = await page.evaluate(() => {
    document.getElementById('command').focus();
    return document.querySelectorAll('.console-entry').length;
  });
  await page.press(...command, 'Enter');
  await page.until(count => {
    const entries = document.querySelectorAll('.console-entry');
    return entries.length > count && !entries[entries.length - 1].textContent.endsWith('…');
  }, before);
}

for (const name of installed()) {
  test(`${name} shows what Chromium shows`, async () => {
    const engine = await openEngine(name);
    try {
      const found = await story(engine);
      assert.match(expected['liveness-exec'][0], /restartCount: \d/);
      for (const example of Object.keys(expected)) assert.deepEqual(found[example], expected[example], example);
    } finally {
      engine.close();
    }
  });
}
