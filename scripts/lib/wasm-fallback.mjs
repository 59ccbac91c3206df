// The wasm32 target where rustup can download nothing: Debian's compiler and its own sources.
import { cpSync, existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { apt, asRoot, hasApt } from './apt.mjs';
import {
  environment, fail, fallbackToolchain, output, run, say, stamp, toolsDir, wasmTarget,
} from './toolbox.mjs';

const library = `/usr/lib/rustlib/${wasmTarget}/lib`;
const linker = '/usr/lib/rustlib/x86_64-unknown-linux-gnu/bin/rust-lld';

/** The version of Debian's compiler, or undefined. */
function debianVersion() {
  return /^rustc (\S+)/.exec(output('/usr/bin/rustc', ['--version']) ?? '')?.[1];
}

/** The library was built by the compiler that is installed now. */
function built() {
  const version = debianVersion();
  return Boolean(version) && stamp('wasm-library') === version && existsSync(join(library, 'libstd.rlib')) && existsSync(linker);
}

/** Debian's compiler builds wasm already, as the linked toolchain. */
function ready() {
  return built() && output('cargo', ['--version'], { env: environment({ RUSTUP_TOOLCHAIN: fallbackToolchain }) }) !== null;
}

/** Installs the fallback, or with `onlyLook` only says whether it is there. */
export function installFallbackTarget({ onlyLook }) {
  if (ready() && stamp('wasm-toolchain') === fallbackToolchain) return true;
  if (onlyLook) return false;
  if (!hasApt()) {
    fail(`the Rust target ${wasmTarget} is missing and could not be downloaded: run \`rustup target add ${wasmTarget}\` with network access.`);
  }
  if (process.arch !== 'x64') {
    fail(`the Rust target ${wasmTarget} could not be downloaded, and building it from packages works on x86-64 only: run \`rustup target add ${wasmTarget}\` with network access.`);
  }
  if (!apt(['rustc-web', 'cargo-web', 'rust-web-src', 'lld-22'])) {
    fail('apt could not install rustc-web, cargo-web, rust-web-src and lld-22: run `apt-get update` with network access, then the same command again.');
  }
  if (!built()) buildLibrary();
  if (!run('rustup', ['toolchain', 'link', fallbackToolchain, '/usr']) || !ready()) {
    fail(`Debian's compiler is installed but could not be linked: run \`rustup toolchain link ${fallbackToolchain} /usr\` and read its message.`);
  }
  stamp('wasm-toolchain', fallbackToolchain);
  return true;
}

function buildLibrary() {
  const version = debianVersion();
  const sources = `/usr/src/rustc-${version}/library`;
  if (!version || !existsSync(sources)) {
    fail(`the sources of Debian's compiler ${version ?? ''} are not in ${sources}: the versions of rustc-web and rust-web-src must match; run \`apt-get install --reinstall rustc-web rust-web-src\`.`);
  }
  say(`building the ${wasmTarget} library of Rust ${version} (once, a minute or two)`);
  const target = join(toolsDir, 'wasm-library');
  rmSync(target, { recursive: true, force: true });
  const ok = run('/usr/bin/cargo', [
    'build', '--release', '--offline', '-Zavoid-dev-deps',
    '--config', 'source.crates-io.replace-with="v"',
    '--config', `source.v.directory="${sources}/vendor"`,
    '--target', wasmTarget, '-p', 'sysroot',
  ], {
    cwd: sources,
    env: environment({
      RUSTC_BOOTSTRAP: '1',
      RUSTC: '/usr/bin/rustc',
      RUSTFLAGS: '-Zforce-unstable-if-unmarked -Cembed-bitcode=yes',
      CARGO_PROFILE_RELEASE_DEBUG: '0',
      CARGO_TARGET_DIR: target,
    }),
  });
  if (!ok) fail(`the ${wasmTarget} library could not be built: read cargo's message above.`);
  // Root may be needed for the copy; the sources above only had to be read.
  const staged = join(tmpdir(), `readyz-rlibs-${process.pid}`);
  mkdirSync(staged, { recursive: true });
  const made = join(target, wasmTarget, 'release', 'deps');
  for (const file of readdirSync(made).filter(name => name.endsWith('.rlib'))) {
    cpSync(join(made, file), join(staged, file));
  }
  asRoot('rm', ['-rf', library]); // an older compiler's library would be taken for this one's
  asRoot('mkdir', ['-p', library]);
  asRoot('cp', ['-r', `${staged}/.`, library]);
  asRoot('mkdir', ['-p', linker.replace(/\/[^/]+$/, '')]);
  asRoot('ln', ['-sf', '/usr/bin/lld-22', linker]);
  rmSync(staged, { recursive: true });
  stamp('wasm-library', version);
}
