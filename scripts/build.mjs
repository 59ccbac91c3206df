// Builds the static site into dist/, for any base path: `node scripts/build.mjs`.
import { fail, run, say, pageEnvironment } from './lib/toolbox.mjs';

/** Builds dist/. Returns whether that succeeded. */
export function build() {
  say('building the page into dist/ (a minute when cold)');
  return run('trunk', ['build', '--release', '--offline', '--dist', 'dist'], { env: pageEnvironment({ NO_COLOR: 'true' }) });
}

if (process.argv[1]?.endsWith('build.mjs') && !build()) {
  fail('the page could not be built: read the compiler\'s or Trunk\'s message above.');
}
