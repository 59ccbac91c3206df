// Trunk's own server for development: rebuilds on every change.
import { fail, run, wasmEnvironment } from './lib/toolbox.mjs';

if (!run('trunk', ['serve', '--offline'], { env: wasmEnvironment({ NO_COLOR: 'true' }) })) {
  fail('Trunk stopped: read its message above.');
}
