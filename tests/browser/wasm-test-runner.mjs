// Cargo's runner for tests built for wasm32: serves them with wasm-bindgen's own runner and
// opens them in the Chromium of the other browser tests, so that no WebDriver has to match it.
import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { chromium as browserType } from 'playwright-core';
import { chromium, chromiumArgs } from '../../scripts/lib/browser.mjs';
import { environment } from '../../scripts/lib/toolbox.mjs';

const patience = 120_000; // milliseconds for all tests of one file

function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject).listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

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
const browser = await browserType.launch({ executablePath: chromium(), args: chromiumArgs });
let passed = false;
try {
  const page = await browser.newPage();
  page.on('pageerror', error => console.error(error.message));
  await page.goto(`http://${address}/`);
  const output = page.locator('#output');
  await page.waitForFunction(
    () => /test result: |Failed|no tests to run/.test(document.getElementById('output').textContent),
    undefined, { timeout: patience },
  ).catch(() => console.error(`no result within ${patience / 1000} s`));
  const text = await output.textContent();
  console.log(text);
  passed = /test result: ok/.test(text);
} finally {
  await browser.close();
  server.removeAllListeners('exit');
  server.kill();
}
process.exit(passed ? 0 : 1);
