// Cargo's runner for tests built for wasm32: serves them with wasm-bindgen's own runner and
// opens them in the Chromium of the other browser tests, so that no WebDriver has to match it; or, with
// READYZ_ENGINE=firefox or =webkit, in that engine.
import { spawn } from 'node:child_process';
import { chromium as browserType } from 'playwright-core';
import { chromium, chromiumArgs } from '../../scripts/lib/browser.mjs';
import { environment } from '../../scripts/lib/toolbox.mjs';
import { freePort, openEngine } from '../engines/driver.mjs';

const patience = 120_000; // milliseconds for all tests of one file

/** Starts the runner; resolves once it says that it listens. */
async function serveTests(address) {
  const server = spawn('wasm-bindgen-test-runner', process.argv.slice(2), {
    env: environment({ NO_HEADLESS: '1', WASM_BINDGEN_TEST_ADDRESS: address }),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await new Promise((resolve, reject) => {
    server.once('error', reject);
    server.once('exit', code => reject(new Error(`wasm-bindgen-test-runner ended with ${code}`)));
    server.stdout.on('data', text => String(text).includes('http://') && resolve());
  });
  return server;
}

const address = `127.0.0.1:${await freePort()}`;
const server = await serveTests(address);
/** Opens a page in the engine that is asked for: `goto`, `until`, `evaluate`, `close`. */
async function openPage() {
  if (process.env.READYZ_ENGINE) return openEngine(process.env.READYZ_ENGINE);
  const browser = await browserType.launch({ executablePath: chromium(), args: chromiumArgs });
  const page = await browser.newPage();
  page.on('pageerror', error => console.error(error.message));
  return {
    goto: url => page.goto(url),
    until: work => page.waitForFunction(work, undefined, { timeout: patience }),
    evaluate: work => page.evaluate(work),
    close: () => browser.close(),
  };
}

const page = await openPage();
let passed = false;
try {
  await page.goto(`http://${address}/`);
  await page.until(() => /test result: |Failed|no tests to run/.test(document.getElementById('output').textContent))
    .catch(error => console.error(error.message));
  const text = await page.evaluate(() => document.getElementById('output').textContent);
  console.log(text);
  passed = /test result: ok/.test(text);
} finally {
  await page.close();
  server.removeAllListeners('exit');
  server.kill();
}
process.exit(passed ? 0 : 1);
