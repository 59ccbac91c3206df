// Measures the engine, in seconds and in instructions, and the page in Chromium: `make bench`.
import { asRoot, hasApt } from './lib/apt.mjs';
import { environment, has, run, say } from './lib/toolbox.mjs';

const bench = name => run('cargo', ['bench', '--locked', '--package', 'readyz-benches', '--bench', name], { env: environment() });

if (!run('node', ['scripts/setup.mjs', 'rust', 'gungraun-runner', 'browser'])) process.exit(1);
let ok = bench('time');
if (!has('valgrind') && hasApt()) asRoot('apt-get', ['install', '-y', '-qq', 'valgrind']);
if (has('valgrind')) ok = bench('instructions') && ok;
else say('instructions are not counted: Valgrind is not installed, and there is none for this system.');
process.exit(run('node', ['scripts/measure-page.mjs']) && ok ? 0 : 1);
