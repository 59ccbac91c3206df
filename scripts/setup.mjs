// Sets up what a build or a test needs, and nothing twice: `node scripts/setup.mjs <part>…`
// with parts rust, npm, wasm, trunk, wasm-bindgen, cargo-deny, gungraun-runner, browser, engines, fonts. A second run only looks.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { chromium, engines } from './lib/browser.mjs';
import {
  environment, fail, has, librarySources, output, pinnedToolchain, root, run, say, stamp, toolsBin, toolsDir,
  versions, wasmTarget,
} from './lib/toolbox.mjs';
import { apt, hasApt } from './lib/apt.mjs';
import { installFallbackTarget } from './lib/wasm-fallback.mjs';

/** How each program is installed. wasm-bindgen's own lock names a crate that was withdrawn. Trunk only calls others. */
const programs = {
  trunk: { crate: 'trunk', args: ['--locked', '--no-default-features'], optimised: '0' },
  'wasm-bindgen': { crate: 'wasm-bindgen-cli', args: ['--no-default-features'] },
  'cargo-deny': { crate: 'cargo-deny', args: ['--locked', '--no-default-features'] },
  'gungraun-runner': { crate: 'gungraun-runner', args: ['--locked'] },
};

const parts = {
  rust: setUpRust,
  npm: setUpNpm,
  wasm: setUpWasmTarget,
  trunk: () => setUpProgram('trunk'),
  'wasm-bindgen': () => setUpProgram('wasm-bindgen'),
  'cargo-deny': () => setUpProgram('cargo-deny'),
  'gungraun-runner': () => setUpProgram('gungraun-runner'),
  browser: setUpBrowser,
  engines: setUpEngines,
  fonts: setUpFonts,
};

function setUpRust() {
  if (!has('cargo') || !has('rustup')) {
    fail('Rust is missing: install rustup from https://rustup.rs, open a new shell and run the same command again.');
  }
  const ready = () => output('cargo', ['fmt', '--version']) && output('cargo', ['clippy', '--version']);
  if (ready()) return;
  say(`installing Rust ${pinnedToolchain}`);
  run('rustup', ['toolchain', 'install', pinnedToolchain, '--profile', 'minimal', '-c', 'rustfmt', '-c', 'clippy']);
  if (!ready()) {
    fail(`Rust ${pinnedToolchain} with rustfmt and clippy could not be installed: check the network, then run \`rustup toolchain install ${pinnedToolchain}\`.`);
  }
  if (!has('cc')) say('no C compiler was found: `apt-get install build-essential` or `xcode-select --install` if linking fails.');
}

function setUpNpm() {
  const wanted = readFileSync(join(root, 'package-lock.json'), 'utf8');
  const done = join(root, 'node_modules', '.readyz-lock');
  if (existsSync(done) && readFileSync(done, 'utf8') === wanted) return;
  say('installing the Node packages of package-lock.json');
  if (!run('npm', ['ci', '--loglevel=error'])) {
    fail('`npm ci` failed: check the network (or npm\'s own message above) and run the same command again.');
  }
  writeFileSync(done, wanted);
}

function setUpWasmTarget() {
  const known = stamp('wasm-toolchain');
  const installed = () => (output('rustup', ['target', 'list', '--installed', '--toolchain', pinnedToolchain]) ?? '')
    .split(/\s+/).includes(wasmTarget);
  const forced = process.env.READYZ_WASM_FALLBACK === '1';
  if (!forced && installed()) {
    if (known !== pinnedToolchain) stamp('wasm-toolchain', pinnedToolchain);
    setUpLibrarySources();
    return;
  }
  if (installFallbackTarget({ onlyLook: true })) return;
  if (!forced) {
    say(`adding the Rust target ${wasmTarget}`);
    run('rustup', ['target', 'add', wasmTarget, '--toolchain', pinnedToolchain], { timeout: 600_000 });
    if (installed()) {
      stamp('wasm-toolchain', pinnedToolchain);
      setUpLibrarySources();
      return;
    }
    say('rustup could not download the target; building it from the distribution\'s sources instead');
  }
  installFallbackTarget({ onlyLook: false });
}

/**
 * The standard library's sources and its crates: the page compiles them for size (a tenth lighter).
 * Where they cannot be had, the page uses the library as it comes, and says so.
 */
function setUpLibrarySources() {
  if (stamp('library-sources') === pinnedToolchain && librarySources()) return;
  if (!librarySources()) {
    say('adding the sources of the standard library');
    run('rustup', ['component', 'add', 'rust-src', '--toolchain', pinnedToolchain], { timeout: 600_000 });
  }
  const sources = librarySources();
  if (!sources || !run('cargo', ['fetch', '--quiet', '--locked', '--manifest-path', join(sources, 'Cargo.toml')], {
    cwd: sources, env: environment({ RUSTC_BOOTSTRAP: '1' }),
  })) {
    say('the sources of the standard library could not be had: the page will be a tenth heavier');
    return;
  }
  stamp('library-sources', pinnedToolchain);
}

function setUpProgram(name) {
  const version = versions[name];
  const program = join(toolsBin, name);
  const matches = () => (output(program, ['--version']) ?? '').split(/\s+/).includes(version);
  if (existsSync(program) && matches()) return;
  const { crate, args, optimised = '1' } = programs[name];
  say(`building ${name} ${version} (once, a few minutes)`);
  // A build tool need not be fast: without optimisation it is ready in half the time.
  const env = environment({
    CARGO_PROFILE_RELEASE_LTO: 'off',
    CARGO_PROFILE_RELEASE_OPT_LEVEL: optimised,
    CARGO_PROFILE_RELEASE_CODEGEN_UNITS: '16',
    CARGO_PROFILE_RELEASE_DEBUG: '0',
  });
  const ok = run('cargo', ['install', ...args, '--force', '--root', toolsDir, `${crate}@${version}`], { env });
  if (!ok || !matches()) {
    fail(`${name} ${version} could not be built: read cargo's message above; a C compiler and network access are needed, then run the same command again.`);
  }
}

function setUpBrowser() {
  if (chromium()) return;
  say('installing Chromium for the browser tests');
  if (hasApt() && /^ID=debian$/m.test(readFileSync('/etc/os-release', 'utf8'))) {
    apt(['chromium']);
    if (chromium()) return;
  }
  // Ubuntu packages Chromium as a snap, which cannot read temporary folders; macOS has no package.
  setUpNpm();
  const system = process.platform === 'linux' ? ['--with-deps'] : [];
  run('npx', ['playwright-core', 'install', ...system, 'chromium']);
  if (!chromium()) {
    fail('no Chromium was found: install Google Chrome or Chromium (macOS: `brew install --cask google-chrome`), or set READYZ_CHROMIUM to its program file.');
  }
}

/** Firefox and WebKit, as Debian packages them. Elsewhere what is there is used, and the tests say what is not. */
function setUpEngines() {
  if (Object.values(engines()).every(Boolean)) return;
  if (hasApt() && /^ID=debian$/m.test(readFileSync('/etc/os-release', 'utf8'))) apt(['firefox-esr', 'webkit2gtk-driver', 'xvfb']);
}

/** Letters for the Chinese pictures; elsewhere than on Linux systems bring them. */
function setUpFonts() {
  const missing = () => output('fc-list', [':lang=zh'])?.trim() === '';
  if (missing() && hasApt()) apt(['fonts-droid-fallback']);
  if (missing()) say('no font has Chinese letters: the pictures in 中文 will show boxes.');
}

const wanted = process.argv.slice(2);
for (const part of wanted) {
  if (!parts[part]) fail(`setup knows no part "${part}"; the parts are ${Object.keys(parts).join(', ')}.`);
}
for (const part of wanted) await parts[part]();
