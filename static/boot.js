// Starts the page under a strict Content-Security-Policy: the only script that is not generated.
// index.html names the hashed files in <meta> tags, because a hash cannot be known here.
const at = id => {
  const meta = document.getElementById(id);
  return meta && new URL(meta.content, document.baseURI).href;
};

// Workers are the only script sinks; nothing but our own blobs may become one.
const policy = globalThis.trustedTypes?.createPolicy('readyz', {
  createScriptURL(url) {
    if (url.startsWith('blob:')) return url;
    throw new TypeError(`not a script of this page: ${url}`);
  },
}) ?? { createScriptURL: url => url };

// A link holds the state. It is read before the page starts, so that nothing else flashes up.
const isLink = () => /^#\d+\./.test(location.hash);
const codec = () => import(at('link-js'));
let opened = [];
const openLink = async () => {
  const { entries, problem } = await (await codec()).decode(location.hash);
  opened = [problem, ...entries.flat()];
};
addEventListener('hashchange', () => { if (isLink()) location.reload(); });

// Two more modules hold what the first example does not need: what other scenarios do, and the rest.
// Their functions can be called from the first moment on: one that is called before its module is
// there fetches it by its address.
const workers = [];
const later = ['more-wasm', 'late-wasm'];
globalThis.readyzLate = later.map(at);
const loadLate = async place => {
  if (typeof readyzLate[place] !== 'string') return;
  const { integrity } = document.getElementById(later[place]).dataset;
  const module = await WebAssembly.compileStreaming(fetch(readyzLate[place], { integrity, priority: 'low' }));
  readyzLate[place] = module;
  for (const worker of workers) worker.postMessage([place, module]);
};
// The first holds what the first example needs, in English: every other page loads the second before
// it starts, and the third if it opens with one of its panels, so that nothing has to wait for a
// request in the middle. Which language a page is in is decided as src/opening.rs does.
const parameters = new URLSearchParams(location.search);
const embedded = parameters.get('embed') === '1';
const kept = key => { try { return embedded ? null : localStorage.getItem(`readyz.${key}`); } catch { return null; } };
// As wide and as high as the user has made the panes, before anything is seen.
for (const side of ['left-w', 'right-w', 'tl-h']) {
  const px = kept(side);
  if (px) document.documentElement.style.setProperty(`--${side}`, `${px}px`);
}
const isChinese = (...tags) => /^zh/i.test(tags.find(tag => /^(en|zh)([-_]|$)/i.test(tag)));
const chinese = isChinese(parameters.get('lang'), kept('language'), ...navigator.languages);
const needsMore = chinese || embedded || isLink() || kept('text') !== null
  || parameters.has('example') || parameters.has('tab');
const whenIdle = task => (globalThis.requestIdleCallback
  ? requestIdleCallback(task, { timeout: 3000 }) : setTimeout(task, 300));

/** What Rust calls, through `#[wasm_bindgen(js_namespace = readyz)]`. */
globalThis.readyz = {
  at,
  embedded,
  /** Starts a worker from source text; a blob works in an opaque origin too. */
  spawn(source) {
    const url = URL.createObjectURL(new Blob([source], { type: 'text/javascript' }));
    const worker = new Worker(policy.createScriptURL(url)); // some browsers read the blob later: never revoked
    workers.push(worker);
    return worker;
  },
  /** The link's problem, then its keys and values; nothing without a link. */
  link: () => opened,
  /** Packs keys and values into an address. */
  async share(flat, embed, told) {
    const pairs = flat.flatMap((key, index) => (index % 2 ? [] : [[key, flat[index + 1]]]));
    const address = new URL(document.baseURI);
    address.search = embed ? '?embed=1' : '';
    address.hash = await (await codec()).encode(pairs);
    told(address.href);
  },
  /** Copies, or selects where copying is not allowed. */
  async copy(text, told) {
    try {
      await navigator.clipboard.writeText(text);
      told(true);
    } catch {
      document.getElementById('share-link')?.select();
      told(document.execCommand?.('copy') ?? false);
    }
  },
  /** Hears the page around this one; whoever else speaks, or otherwise, is not heard. */
  listen(tell) {
    addEventListener('message', ({ source, data }) => {
      if (source !== parent || source === self || data?.v !== 1 || !/^readyz:\w+$/.test(data.type)) return;
      tell(data.type.slice(7), data.t ?? data.theme ?? data.lang);
    });
    addEventListener('resize', () => readyz.post('height', []));
  },
  /** Tells the page around this one something; a height is measured here. */
  post(kind, flat) {
    if (parent === self) return;
    const message = { type: `readyz:${kind}`, v: 1 };
    for (let at = 0; at < flat.length; at += 2) message[flat[at]] = flat[at + 1];
    if (kind === 'height') {
      // Beside a picture the timeline is as high as the sheet says; alone, as high as its rows.
      const box = part => document.querySelector(part)?.getBoundingClientRect() ?? new DOMRect();
      const rows = box('.labels > :last-child').bottom - box('.labels').top - box('.rows').height;
      message.height = Math.ceil(['.bar', '.stage', '.embed-faults', '.timeline']
        .reduce((sum, part) => sum + box(part).height, box('.cluster').height ? 0 : rows));
    }
    parent.postMessage(message, '*');
  },
  /** Fills the screen, or no longer; where a host or a link may not, the page stays as it is. */
  full(on) {
    const change = on ? document.documentElement.requestFullscreen?.() : document.fullscreenElement && document.exitFullscreen();
    change?.catch(() => {});
  },
  /** What stands in the editor, once it is there. */
  text: () => rich?.text(),
  /** Formats it, once it is there. */
  format: () => rich?.format(),
  /** Loads the editor when the page is idle; `tell` hears `mounted` with what steers it. */
  editor(host, text, language, tell) {
    const load = async () => {
      try {
        const { mount } = await import(at('editor-js'));
        rich = mount(host, text(), language, tell);
        tell('mounted', rich);
      } catch { /* the text area stays */ }
    };
    whenIdle(load);
  },
};

// A file dropped anywhere becomes the text; several become one stream.
let rich;
const holdsFiles = event => event.dataTransfer?.types.includes('Files');
addEventListener('dragover', event => { if (holdsFiles(event)) event.preventDefault(); });
addEventListener('drop', async event => {
  if (!holdsFiles(event)) return;
  event.preventDefault();
  const text = (await Promise.all([...event.dataTransfer.files].map(file => file.text()))).join('\n---\n');
  const area = document.getElementById('yaml');
  if (rich) rich.replace(text);
  else if (area) {
    area.value = text;
    area.dispatchEvent(new InputEvent('input', { bubbles: true }));
  }
});

// What is said before the page itself can speak.
const make = (tag, className, text) => Object.assign(document.createElement(tag), { className, textContent: text });

// A poster: the engine is not loaded until somebody wants it.
if (embedded && parameters.get('poster') === '1') {
  const theme = parameters.get('theme');
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
  document.documentElement.lang = chinese ? 'zh-Hans' : 'en';
  const app = document.getElementById('app');
  const first = [...app.childNodes];
  const poster = make('main', 'poster', '');
  const run = make('button', 'button you', chinese ? '运行' : 'Run');
  run.type = 'button';
  poster.append(app.querySelector('.logo svg')?.cloneNode(true) ?? '', make('h1', '', 'readyz'), make('p', '', chinese
    ? '在浏览器里逐秒查看 Kubernetes 如何对待你的 Pod，无需集群。'
    : 'See what Kubernetes does with your Pod, second by second, with no cluster.'), run);
  app.replaceChildren(poster);
  await new Promise(wanted => { run.onclick = wanted; });
  app.replaceChildren(...first);
}

/** The page cannot start: which file, why, and again. What was prerendered stays and can be copied. */
function failed(file, error) {
  const name = new URL(file).pathname.split('/').pop();
  const cause = globalThis.WebAssembly ? String(error?.message ?? error) : 'WebAssembly';
  const notice = make('p', 'notice', '');
  const again = make('button', 'button', chinese ? '重试' : 'Retry');
  again.type = 'button';
  again.onclick = () => location.reload();
  notice.append(make('span', '', chinese ? `${name} 无法加载：${cause}。` : `${name} could not be loaded: ${cause}.`), again);
  const notices = document.body.appendChild(make('div', 'notices', ''));
  notices.role = 'alert';
  notices.append(notice);
}

// The integrity is checked by the browser; it comes from the build, which hashed the final file.
const integrity = document.getElementById('app-wasm').dataset.integrity;
let step = 'app-glue';
try {
  const file = fetch(at('app-wasm'), integrity ? { integrity } : {});
  const unpacked = async () => {
    const [{ unpack }, response] = await Promise.all([import(at('unpack-js')), file]);
    return unpack(await response.arrayBuffer());
  };
  const wasm = at('app-wasm').endsWith('.lzma') ? unpacked() : file;
  wasm.catch(() => {}); // it is awaited below
  const [glue] = await Promise.all([
    import(at('app-glue')), needsMore && loadLate(0).catch(() => {}), isLink() && openLink().catch(() => {}),
  ]);
  const pane = parameters.get('tab') ?? opened[opened.lastIndexOf('pane') + 1];
  if (/^(terminal|describe|timing)$/.test(pane)) await loadLate(1).catch(() => {});
  globalThis.readyz.fields = glue.fields; // the editor completes from the engine's schema
  step = 'app-wasm';
  await glue.default({ module_or_path: wasm });
  document.documentElement.dataset.started = '';
  // What cannot be loaded stays an address, and is fetched when it is called.
  whenIdle(() => loadLate(0).then(() => loadLate(1)).catch(() => {}));
} catch (error) {
  failed(at(step), error);
}
