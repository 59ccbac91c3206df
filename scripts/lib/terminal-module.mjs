// The second Wasm module: the engine with kubectl, for a worker, fetched when the terminal opens.
import { join } from 'node:path';
import { environment, root, run, wasmTarget } from './toolbox.mjs';

const name = 'readyz-terminal';
/** As index.html tells Trunk for the page's own module. */
const features = ['bulk-memory', 'nontrapping-float-to-int', 'sign-ext', 'mutable-globals', 'reference-types', 'multivalue'];

/** Builds it into a folder: `NAME.js` and `NAME_bg.wasm`. Returns the name, or null. */
export function buildTerminal(folder, release) {
  const profile = release ? 'wasm' : 'dev';
  const target = process.env.CARGO_TARGET_DIR ?? join(root, 'target');
  const built = join(target, wasmTarget, release ? 'wasm' : 'debug', `${name}.wasm`);
  const env = environment();
  const bound = join(folder, `${name}_bg.wasm`);
  const steps = [
    ['cargo', ['build', '--quiet', '--locked', '--offline', '--profile', profile, '--target', wasmTarget, '--bin', name, '--features', 'terminal']],
    ['wasm-bindgen', ['--target', 'web', '--no-typescript', '--out-dir', folder, '--out-name', name, built]],
  ];
  if (release) steps.push(['wasm-opt', ['-Oz', ...features.map(feature => `--enable-${feature}`), '-o', bound, bound]]);
  return steps.every(([program, args]) => run(program, args, { env })) ? name : null;
}
