// Trunk's last step, in its staging folder. For every build: the integrity of the wasm file, and
// the site's origin in the policy when READYZ_ORIGIN gives it.
// For release builds also: the Wasm module in three, minified scripts and styles under names that
// follow their content, and the first view, prerendered, inside #app.
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { build, transform } from 'esbuild';
import { pack } from './lib/pack.mjs';
import { glueFor, withShortImports } from './lib/short-imports.mjs';
import { readProfile, split, withCounters } from './lib/split-module.mjs';
import { fail, nativeEnvironment, output, root } from './lib/toolbox.mjs';

const folder = process.env.TRUNK_STAGING_DIR;
if (!folder) fail('post-build.mjs is run by Trunk: use `make dist`.');
const release = process.env.TRUNK_PROFILE === 'release';
const page = join(folder, 'index.html');
let html = readFileSync(page, 'utf8');

const integrityOf = bytes => `sha384-${createHash('sha384').update(bytes).digest('base64')}`;

await bundleModules();
if (release) {
  process.env.READYZ_COUNT ? countCalls(process.env.READYZ_COUNT) : splitModule();
  mergeStyles();
  await minify();
  html = html.replace('<div id="app"></div>', () => `<div id="app">${prerender()}</div>`);
}
addIntegrity();
nameOrigin(process.env.READYZ_ORIGIN);
writeFileSync(page, html);

/** Scripts beside Rust's: modules of their own, loaded when they are wanted. */
async function bundleModules() {
  const modules = { editor: 'index.js', link: 'link.js', unpack: 'unpack.js' };
  for (const [name, source] of Object.entries(modules)) {
    await build({
      entryPoints: [join(root, 'editor', source)], outfile: join(folder, `${name}.js`),
      bundle: true, format: 'esm', target: 'es2022', legalComments: 'none', logLevel: 'warning',
    });
    html = html.replace('</head>', `  <meta id="${name}-js" content="./${name}.js">\n</head>`);
  }
}

/** Playing needs part of the Wasm module only: the rest becomes later ones (scripts/profile.mjs). */
function splitModule() {
  const { glue, wasm } = appFiles();
  // Small things of which a run meets some by chance, and functions that have no name. The words of
  // panels that are not open at first come with those.
  const always = /^\d+$|readyz_web::i18n::(?!zh|why|timing|terminal|faults|look|.*chinese)|^<*wasm_bindgen::|^core::ptr::drop_in_place::<yew/;
  const list = name => gunzipSync(readFileSync(join(root, 'scripts', `${name}.txt.gz`))).toString();
  const linked = join(process.env.CARGO_TARGET_DIR ?? join(root, 'target'), 'wasm32-unknown-unknown', 'wasm', 'readyz-web.wasm');
  const profiles = [readProfile(list('playing'), name => always.test(name)), readProfile(list('scenarios'), () => false)];
  const { bytes, names } = withShortImports(readFileSync(join(folder, wasm)));
  writeFileSync(join(folder, glue), glueFor(names, readFileSync(join(folder, glue), 'utf8')));
  const [first, ...later] = split(bytes, readFileSync(linked), profiles);
  rmSync(join(folder, wasm));
  const tags = later.map((module, at) => {
    const name = ['more', 'late'][at];
    return `<meta id="${name}-wasm" content="./${writeHashed(`readyz-${name}`, module, '.wasm')}" data-integrity="${integrityOf(module)}">`;
  });
  html = html.replace(wasm, writeHashed('readyz-web', pack(first), '.wasm.lzma')).replace(/<meta id="app-wasm"[^>]*>/, tag => tag + tags.join(''));
  addToGlue(glue, 'late.js', 'withLate');
}

/** For `make profile`: a module that tells which points of its code are met, and a list of those. */
function countCalls(list) {
  const { glue, wasm } = appFiles();
  const { counting, places } = withCounters(readFileSync(join(folder, wasm)));
  writeFileSync(join(folder, wasm), counting);
  writeFileSync(list, JSON.stringify(places));
  addToGlue(glue, 'count.js', 'withCount');
}

function appFiles() {
  const file = id => new RegExp(`<meta id="${id}" content="\\./([^"]+)"`).exec(html)[1];
  return { glue: file('app-glue'), wasm: file('app-wasm') };
}

function writeHashed(stem, bytes, end) {
  const name = `${stem}-${createHash('sha256').update(bytes).digest('hex').slice(0, 16)}${end}`;
  writeFileSync(join(folder, name), bytes);
  return name;
}

/** Adds a script of scripts/glue to the glue of the module; its function gets the module's imports. */
function addToGlue(glue, script, wrap) {
  const file = join(folder, glue);
  const text = readFileSync(file, 'utf8');
  const wrapped = text.replaceAll('const imports = __wbg_get_imports();', `const imports = ${wrap}(__wbg_get_imports());`);
  if (wrapped === text) fail('the glue of wasm-bindgen looks different now: teach addToGlue() in scripts/post-build.mjs.');
  writeFileSync(file, wrapped + readFileSync(join(root, 'scripts', 'glue', script), 'utf8'));
}

/** One style sheet instead of one for each pane: the first view waits for a single request. */
function mergeStyles() {
  const link = /\s*<link rel="stylesheet" href="\.\/([^"]+\.css)"[^>]*>/g;
  const files = [...html.matchAll(link)].map(match => match[1]);
  if (files.length < 2) return;
  const code = files.map(file => readFileSync(join(folder, file), 'utf8')).join('\n');
  for (const file of files) rmSync(join(folder, file));
  writeFileSync(join(folder, 'page.css'), code);
  let first = true;
  html = html.replace(link, () => {
    const tag = first ? '\n  <link rel="stylesheet" href="./page.css" crossorigin="anonymous">' : '';
    first = false;
    return tag;
  });
}

/** Minifies what is text, and renames it: its hash must follow its content. */
async function minify() {
  for (const file of readdirSync(folder)) {
    const loader = { '.js': 'js', '.css': 'css' }[extname(file)];
    if (!loader) continue;
    const { code } = await transform(readFileSync(join(folder, file), 'utf8'), {
      loader, minify: true, format: loader === 'js' ? 'esm' : undefined, target: 'es2022', legalComments: 'none',
    });
    const hash = createHash('sha256').update(code).digest('hex').slice(0, 16);
    const name = file.replace(/(-[0-9a-f]{8,})?(\.\w+)$/, `-${hash}$2`);
    writeFileSync(join(folder, file), code);
    renameSync(join(folder, file), join(folder, name));
    html = html.replaceAll(file, name);
  }
}

/** The page's first view as HTML, printed by the page itself, run natively. */
function prerender() {
  const args = ['run', '--quiet', '--locked', '--bin', 'readyz-web', '--features', 'ssr'];
  const view = output('cargo', args, { env: nativeEnvironment(), stdio: ['ignore', 'pipe', 'inherit'] });
  if (!view) fail('the first view could not be rendered: `cargo run --features ssr` failed, see above.');
  return view;
}

/** Every tag that names one of our files gets that file's present hash. */
function addIntegrity() {
  html = html.replace(/<(?:link|script)\b[^>]*>/g, tag => {
    const file = /(?:href|src)="\.\/([^"]+\.(?:js|css))"/.exec(tag)?.[1];
    if (!file) return tag;
    const bare = tag.replace(/\s+integrity="[^"]*"/, '');
    return bare.replace(/\/?>$/, ` integrity="${integrityOf(readFileSync(join(folder, file)))}">`);
  });
  html = html.replace(/<meta id="app-wasm" content="\.\/([^"]+)"[^>]*>/, (_, file) =>
    `<meta id="app-wasm" content="./${file}" data-integrity="${integrityOf(readFileSync(join(folder, file)))}">`);
}

/** In a sandboxed frame WebKit matches 'self' with nothing: the policy then has to name the site. */
function nameOrigin(origin) {
  if (!origin) return;
  if (!/^https?:\/\/[\w.:-]+$/.test(origin)) {
    fail(`READYZ_ORIGIN must be an origin such as https://example.github.io, not "${origin}".`);
  }
  html = html.replace(/(http-equiv="Content-Security-Policy" content=")([^"]*)/, (_, start, policy) =>
    start + policy.replaceAll("'self'", `'self' ${origin}`));
}
