// Trunk's last step, in its staging folder. For every build: the integrity of the wasm file, and
// the site's origin in the policy when READYZ_ORIGIN gives it.
// For release builds also: minified scripts and styles under names that follow their content,
// and the first view, prerendered, inside #app.
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { build, transform } from 'esbuild';
import { buildTerminal } from './lib/terminal-module.mjs';
import { fail, nativeEnvironment, output, root } from './lib/toolbox.mjs';

const folder = process.env.TRUNK_STAGING_DIR;
if (!folder) fail('post-build.mjs is run by Trunk: use `make dist`.');
const release = process.env.TRUNK_PROFILE === 'release';
const page = join(folder, 'index.html');
let html = readFileSync(page, 'utf8');

const integrityOf = bytes => `sha384-${createHash('sha384').update(bytes).digest('base64')}`;

await bundleModules();
html = html.replace(/<meta id="app-wasm"[^>]*>/, tag => `${tag}${terminalTags()}`);
if (release) {
  mergeStyles();
  await minify();
  html = html.replace('<div id="app"></div>', () => `<div id="app">${prerender()}</div>`);
}
addIntegrity();
nameOrigin(process.env.READYZ_ORIGIN);
writeFileSync(page, html);

/** The editor and the link codec are modules of their own, loaded when they are wanted. */
async function bundleModules() {
  const modules = { editor: 'index.js', link: 'link.js' };
  for (const [name, source] of Object.entries(modules)) {
    await build({
      entryPoints: [join(root, 'editor', source)], outfile: join(folder, `${name}.js`),
      bundle: true, format: 'esm', target: 'es2022', legalComments: 'none', logLevel: 'warning',
    });
    html = html.replace('</head>', `  <meta id="${name}-js" content="./${name}.js">\n</head>`);
  }
}

/** The second module, and where it is. Its script is renamed with the others. */
function terminalTags() {
  const name = buildTerminal(folder, release);
  if (!name) fail('the module with kubectl could not be built: read the message above.');
  const bytes = readFileSync(join(folder, `${name}_bg.wasm`));
  const wasm = `${name}-${createHash('sha256').update(bytes).digest('hex').slice(0, 16)}.wasm`;
  renameSync(join(folder, `${name}_bg.wasm`), join(folder, wasm));
  return `<meta id="terminal-glue" content="./${name}.js">`
    + `<meta id="terminal-wasm" content="./${wasm}" data-integrity="${integrityOf(bytes)}">`;
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
