// Debian and Ubuntu packages, with sudo where we are not root.
import { fail, has, run, say } from './toolbox.mjs';

export function hasApt() {
  return process.platform === 'linux' && has('apt-get');
}

/** Runs a command as root. Returns whether it succeeded. */
export function asRoot(program, args, options) {
  if (process.getuid?.() === 0) return run(program, args, options);
  if (!has('sudo')) {
    fail(`this step needs root: run \`${[program, ...args].join(' ')}\` as root, then the same command again.`);
  }
  return run('sudo', [program, ...args], options);
}

let updated = false;

/** Installs packages. Returns whether that succeeded. */
export function apt(packages) {
  say(`installing ${packages.join(', ')} with apt`);
  if (!updated) {
    asRoot('apt-get', ['update', '-qq']);
    updated = true;
  }
  return asRoot('env', ['DEBIAN_FRONTEND=noninteractive', 'apt-get', 'install', '-y', '-qq', '--no-install-recommends', ...packages]);
}
