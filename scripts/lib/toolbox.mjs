// What every build script needs: pinned versions, where things are, and how to run them.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, statfsSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

/** Programs built with cargo. wasm-bindgen and gungraun-runner must equal the crates' versions. */
export const versions = { trunk: '0.21.14', 'wasm-bindgen': '0.2.130', 'cargo-deny': '0.20.2', 'gungraun-runner': '0.20.0' };
export const wasmTarget = 'wasm32-unknown-unknown';
/** The name under which the distribution's compiler is linked where rustup cannot download. */
export const fallbackToolchain = 'readyz-debian';

/** Installed programs live here; several checkouts may share one folder. */
export const toolsDir = process.env.READYZ_TOOLS_DIR || join(root, '.tools');
export const toolsBin = join(toolsDir, 'bin');
const stampDir = join(toolsDir, 'stamps');
const npmBin = join(root, 'node_modules', '.bin');

export const pinnedToolchain = /channel\s*=\s*"([^"]+)"/
  .exec(readFileSync(join(root, 'rust-toolchain.toml'), 'utf8'))[1];

/** The environment of every child process; our own programs come first on PATH. */
export function environment(extra = {}) {
  return { ...process.env, PATH: [toolsBin, npmBin, process.env.PATH].join(delimiter), ...extra };
}

/** The environment of builds for wasm32: another toolchain where rustup's has no such target. */
export function wasmEnvironment(extra = {}) {
  const fallback = stamp('wasm-toolchain') === fallbackToolchain;
  return environment(fallback ? { RUSTUP_TOOLCHAIN: fallbackToolchain, ...extra } : extra);
}

/** The folder of the pinned compiler's library sources, or null. */
export function librarySources() {
  const sysroot = output('rustc', ['--print', 'sysroot'], { env: environment({ RUSTUP_TOOLCHAIN: pinnedToolchain }) });
  const folder = sysroot && join(sysroot, 'lib', 'rustlib', 'src', 'rust', 'library');
  return folder && existsSync(join(folder, 'Cargo.lock')) ? folder : null;
}

/** The library is compiled with the page: for size, and without the texts of panics. */
const smallLibrary = {
  RUSTC_BOOTSTRAP: '1', // the flags below are not stable yet; the compiler is pinned
  CARGO_UNSTABLE_BUILD_STD: 'std,panic_abort',
  CARGO_UNSTABLE_BUILD_STD_FEATURES: 'optimize_for_size',
  RUSTFLAGS: '-Zunstable-options -Cpanic=immediate-abort -Zlocation-detail=none -Zfmt-debug=none',
};

/** The environment of the page's build: small where the library's sources are at hand. */
export function pageEnvironment(extra = {}) {
  const small = stamp('wasm-toolchain') === pinnedToolchain && stamp('library-sources') === pinnedToolchain;
  return wasmEnvironment(small ? { ...smallLibrary, ...extra } : extra);
}

/** What native builds inside the page's build must not inherit. */
export function nativeEnvironment() {
  const env = environment();
  for (const name of Object.keys(smallLibrary)) delete env[name];
  // Only wasm needs the fallback; the checkout's own compiler has built most of this already.
  if (env.RUSTUP_TOOLCHAIN === fallbackToolchain) delete env.RUSTUP_TOOLCHAIN;
  return env;
}

/** Runs a program, its output shown. Returns whether it succeeded. */
export function run(program, args, options = {}) {
  const { env = environment(), ...rest } = options;
  const result = spawnSync(program, args, { cwd: root, stdio: 'inherit', env, ...rest });
  return !result.error && result.status === 0;
}

/** Runs a program quietly. Returns its standard output, or null when it failed or is missing. */
export function output(program, args, options = {}) {
  const { env = environment(), ...rest } = options;
  const result = spawnSync(program, args, { cwd: root, encoding: 'utf8', env, ...rest });
  return result.error || result.status !== 0 ? null : result.stdout.trim();
}

export function has(program) {
  return output(program, ['--version'], { timeout: 20_000 }) !== null;
}

/** A note that survives between runs, such as which toolchain builds wasm. */
export function stamp(name, value) {
  const file = join(stampDir, name);
  if (value === undefined) return existsSync(file) ? readFileSync(file, 'utf8') : null;
  mkdirSync(stampDir, { recursive: true });
  writeFileSync(file, value);
  return value;
}

export function say(text) {
  process.stdout.write(`readyz: ${text}\n`);
}

/** Gigabytes that a build may still write here. */
export function freeDisk() {
  const { bavail, bsize } = statfsSync(root);
  return bavail * bsize / 1e9;
}

/** Ends the script with one sentence that says what to do; compilers tell of a full disk in many odd ways. */
export function fail(sentence) {
  process.stderr.write(`readyz: ${sentence}\n`);
  if (freeDisk() < 0.2) process.stderr.write('readyz: the disk is full: make room (`make clean` removes what builds made here) and run the same command again.\n');
  process.exit(1);
}
