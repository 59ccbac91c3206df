// What a visitor downloads, as gzip -9 makes it, against the budgets in scripts/weight.json.
import { readFileSync, readdirSync } from 'node:fs';
import { extname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { fail, pinnedToolchain, root, say, stamp } from './lib/toolbox.mjs';

const budgets = JSON.parse(readFileSync(join(root, 'scripts', 'weight.json'), 'utf8'));
const dist = join(root, 'dist');
const sums = {};
for (const entry of readdirSync(dist, { recursive: true, withFileTypes: true })) {
  // Schemas are for other programs; no visitor's page asks for them.
  if (!entry.isFile() || extname(entry.name) === '.json') continue;
  const bytes = readFileSync(join(entry.parentPath ?? entry.path, entry.name));
  // The editor and the code that the first example does not run come later, when the page is idle.
  const later = ['editor', 'more', 'late'].find(part => entry.name.includes(`${part}-`));
  const kind = later ?? extname(entry.name.replace(/\.lzma$/, '')).slice(1);
  sums[kind] = (sums[kind] ?? 0) + gzipSync(bytes, { level: 9 }).length;
}
sums.everything = Object.values(sums).reduce((a, b) => a + b, 0);
sums.total = sums.everything - (sums.editor ?? 0) - (sums.more ?? 0) - (sums.late ?? 0);
sums.editing = sums.total + (sums.editor ?? 0);
sums.scenarios = sums.total + (sums.more ?? 0); // playing any other one
sums.first = sums.html + sums.css; // what is seen before anything has run

const kb = bytes => (bytes / 1000).toFixed(1);
// Without the standard library's sources the build cannot make it small: a tenth is allowed for.
const isSmall = stamp('library-sources') === pinnedToolchain;
if (!isSmall) say('the standard library came as it is, not built for size: 15 % more is allowed.');
const over = [];
for (const [kind, bytes] of Object.entries(sums)) {
  const budget = budgets[kind] && Math.round(budgets[kind] * (isSmall ? 1 : 1.15));
  console.log(`${kind.padEnd(10)} ${kb(bytes).padStart(7)} kB gzip${budget ? ` of ${kb(budget)}` : ''}`);
  if (budget && bytes > budget) over.push(kind);
}
if (over.length) {
  fail(`too heavy: ${over.join(', ')}. Make it lighter, or raise the budget in scripts/weight.json and say why in the commit.`);
}
