// Every check of the repository, one after the other, each with a summary line.
// `node scripts/test.mjs [suite…]` runs some of them only. The last line is "N passed, M failed".
import { spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { build } from './build.mjs';
import { environment, fail, freeDisk, root, run, say, wasmEnvironment, wasmTarget } from './lib/toolbox.mjs';

/** Native builds share one set of features, so that nothing is compiled twice. */
const native = ['--locked', '--workspace', '--features', 'readyz-web/ssr'];
const runner = JSON.stringify(['node', join(root, 'tests', 'browser', 'wasm-test-runner.mjs')]);
const testsIn = folder => readdirSync(join(root, 'tests', folder))
  .filter(file => file.endsWith('.test.mjs')).map(file => join('tests', folder, file));

/**
 * name → what it needs set up, and how it runs. The order is the order of running; what may run `aside`
 * does so beside the browser's tests, on what those leave of the processors.
 */
const suites = {
  fmt: { needs: ['rust'], run: () => one('cargo', ['fmt', '--all', '--check']) },
  tidy: { needs: ['rust'], run: () => cargoTests(['test', '--locked', '--package', 'readyz-tidy']) },
  clippy: {
    needs: ['rust'],
    run: () => one('cargo', ['clippy', ...native, '--all-targets', '--quiet', '--', '-D', 'warnings']),
  },
  cargo: { needs: ['rust'], run: () => cargoTests(['test', ...native, '--exclude', 'readyz-tidy', '--no-fail-fast']) },
  // Random clusters, faults and deletions, with what must always hold checked after every step.
  simulate: {
    needs: ['rust'],
    aside: true,
    run: () => quietly('cargo', [
      'run', '--locked', '--quiet', '--profile', 'simulate', '--package', 'readyz-simulate', '--', '--pod-years', '1000',
    ]),
  },
  // What the recorded commands printed, in the replayed runs: all but a list that only shrinks.
  kubectl: {
    needs: ['rust'],
    aside: true,
    run: () => quietly('cargo', [
      'run', '--locked', '--quiet', '--profile', 'simulate', '--package', 'readyz-cli', '--', 'conformance', 'kubectl',
      'tests/conformance/traces', '--exceptions', 'tests/conformance/kubectl-exceptions.txt',
    ]),
  },
  deny: { needs: ['rust', 'cargo-deny'], run: () => one('cargo-deny', ['--log-level', 'error', 'check', 'bans', 'licenses', 'sources']) },
  advisories: { needs: ['rust', 'cargo-deny'], run: advisories },
  'npm audit': { needs: ['npm'], run: npmAudit },
  bridge: {
    needs: ['rust', 'npm', 'wasm', 'wasm-bindgen', 'browser'],
    run: () => bridge(),
  },
  dist: {
    needs: ['rust', 'npm', 'wasm', 'trunk', 'wasm-bindgen'],
    run: () => (build() ? [1, 0] : [0, 1]),
  },
  // What the build's own scripts do to the page's module.
  build: { needs: ['npm'], run: () => nodeTests('build') },
  weight: { needs: [], run: () => one('node', ['scripts/check-weight.mjs']) },
  browser: { needs: ['npm', 'browser'], run: () => nodeTests('browser') },
  // The same bytes in Firefox and WebKit.
  engines: { needs: ['rust', 'npm', 'wasm', 'wasm-bindgen', 'browser', 'engines'], run: engines },
};

/** Runs a program; returns what it prints, and shows it unless told not to. */
function tee(program, args, { env = environment(), show = true } = {}) {
  return new Promise(resolve => {
    const child = spawn(program, args, { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] });
    let text = '';
    const keep = stream => chunk => {
      text += chunk;
      if (show) stream.write(chunk);
    };
    child.stdout.on('data', keep(process.stdout));
    child.stderr.on('data', keep(process.stderr));
    child.on('error', error => resolve({ ok: false, text: String(error) }));
    child.on('close', code => resolve({ ok: code === 0, text }));
  });
}

/** A check that holds or does not. */
async function one(program, args) {
  return (await tee(program, args)).ok ? [1, 0] : [0, 1];
}

/** A check that leaves the processors to others, and says what it printed when it is done. */
async function quietly(program, args) {
  const { ok, text } = await tee('nice', ['-n', '19', program, ...args], { show: false });
  process.stdout.write(text);
  return ok ? [1, 0] : [0, 1];
}

/** Adds up the "test result" lines of Rust's harness. */
async function cargoTests(args, env = environment()) {
  const { ok, text } = await tee('cargo', args, { env });
  let [passed, failed] = [0, 0];
  for (const [, p, f] of text.matchAll(/test result: \w+\. (\d+) passed; (\d+) failed/g)) {
    passed += Number(p);
    failed += Number(f);
  }
  return [passed, ok ? failed : Math.max(failed, 1)];
}

/** Traces of the examples, computed in a browser: Chromium, or the engine that is named. */
function bridge(engine) {
  return cargoTests([
    'test', '--locked', '--package', 'readyz-web', '--test', 'bridge', '--target', wasmTarget,
    '--config', `target.${wasmTarget}.runner=${runner}`,
  ], wasmEnvironment(engine && { READYZ_ENGINE: engine }));
}

async function engines() {
  const { installed } = await import('../tests/engines/driver.mjs');
  const missing = ['firefox', 'webkit'].filter(name => !installed().includes(name));
  for (const name of missing) say(`engines: ${name} is not installed here, and not tested.`);
  if (!installed().length) return [0, 0];
  const found = [await nodeTests('engines')];
  for (const name of installed()) found.push(await bridge(name));
  return found.reduce(([p, f], [passed, failed]) => [p + passed, f + failed]);
}

async function nodeTests(folder) {
  const { ok, text } = await tee('node', ['--test', '--test-reporter=spec', ...testsIn(folder)]);
  const count = word => Number(new RegExp(`^\\W*${word} (\\d+)`, 'm').exec(text)?.[1] ?? 0);
  const failed = count('fail') + count('cancelled');
  return [count('pass'), ok ? failed : Math.max(failed, 1)];
}

/** Known holes in crates. The database is on the network, which a test machine may lack. */
async function advisories() {
  const { ok, text } = await tee('cargo-deny', ['--log-level', 'error', 'check', 'advisories'], { show: false });
  if (ok) return [1, 0];
  if (/advisory database|advisory-db/.test(text) && /fetch|clone|connect|resolve/.test(text)) {
    say('advisories: not checked, because the database of advisories could not be reached.');
    return [0, 0];
  }
  process.stdout.write(text);
  return [0, 1];
}

async function npmAudit() {
  const { ok, text } = await tee('npm', ['audit', '--json'], { show: false });
  if (ok) return [1, 0];
  let report;
  try {
    report = JSON.parse(text.slice(text.indexOf('{')));
  } catch {
    report = {};
  }
  if (report.metadata?.vulnerabilities) {
    process.stdout.write(text);
    return [0, 1];
  }
  say('npm audit: not checked, because the audit service could not be reached.');
  return [0, 0];
}

const wanted = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(suites);
for (const name of wanted) {
  if (!suites[name]) fail(`there is no suite "${name}"; the suites are ${Object.keys(suites).join(', ')}.`);
}
const whole = 4; // gigabytes that a first full run writes: builds, programs, packages
if (wanted.includes('cargo') && !existsSync(join(root, 'target')) && freeDisk() < whole) {
  fail(`a first full run writes up to ${whole} GB, and ${freeDisk().toFixed(1)} are free here: make room, or run single suites with \`node scripts/test.mjs <suite>\`.`);
}
const needs = new Set(wanted.flatMap(name => suites[name].needs));
if (needs.size && !run('node', ['scripts/setup.mjs', ...needs])) process.exit(1);

const lines = [];
const total = [0, 0];

/** Runs a suite and keeps what came of it. */
async function tell(name) {
  say(`── ${name}`);
  const start = Date.now();
  const [passed, failed] = await suites[name].run();
  total[0] += passed;
  total[1] += failed;
  const seconds = ((Date.now() - start) / 1000).toFixed(1);
  const note = passed + failed === 0 ? ' (not run)' : '';
  lines.push(`${failed ? 'FAILED' : 'ok    '} ${name.padEnd(11)} ${passed} passed, ${failed} failed${note}, ${seconds} s`);
  say(lines.at(-1));
}

/** Those that run aside, one after the other. */
async function tellAside() {
  for (const name of wanted.filter(name => suites[name].aside)) await tell(name);
}

let aside;
for (const name of wanted.filter(name => !suites[name].aside)) {
  if (name === 'browser') aside = tellAside();
  await tell(name);
  if (name === 'browser') await aside; // those after it build again
}
await (aside ?? tellAside());
console.log(`\n${lines.join('\n')}\n\n${total[0]} passed, ${total[1]} failed`);
if (total[1]) fail('something above did not pass: `node scripts/test.mjs <suite>` runs one suite again.');
