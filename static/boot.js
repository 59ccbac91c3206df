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

// The second module holds what playing does not need. Its functions can be called from the first
// moment on: one that is called before the module is there fetches it by its address.
const workers = [];
globalThis.readyzLate = at('late-wasm');
const loadLate = async () => {
  const { integrity } = document.getElementById('late-wasm').dataset;
  globalThis.readyzLate = await WebAssembly.compileStreaming(fetch(readyzLate, { integrity, priority: 'low' }));
  for (const worker of workers) worker.postMessage(readyzLate);
};
// Chinese sentences stand in the second module: pages that will need them have it first.
const asked = new URLSearchParams(location.search).get('lang') ?? navigator.language ?? '';
const needsLate = asked.startsWith('zh');
const whenIdle = task => (globalThis.requestIdleCallback
  ? requestIdleCallback(task, { timeout: 3000 }) : setTimeout(task, 300));

/** What Rust calls, through `#[wasm_bindgen(js_namespace = readyz)]`. */
globalThis.readyz = {
  at,
  /** Starts a worker from source text; a blob works in an opaque origin too. */
  spawn(source) {
    const url = URL.createObjectURL(new Blob([source], { type: 'text/javascript' }));
    const worker = new Worker(policy.createScriptURL(url)); // some browsers read the blob later: never revoked
    workers.push(worker);
    if (typeof readyzLate === 'object') worker.postMessage(readyzLate);
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
  /** What stands in the editor, once it is there. */
  text: () => rich?.text(),
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

// The integrity is checked by the browser; it comes from the build, which hashed the final file.
const integrity = document.getElementById('app-wasm').dataset.integrity;
const file = fetch(at('app-wasm'), integrity ? { integrity } : {});
const unpacked = async () => {
  const [{ unpack }, response] = await Promise.all([import(at('unpack-js')), file]);
  return unpack(await response.arrayBuffer());
};
const wasm = at('app-wasm').endsWith('.lzma') ? unpacked() : file;
const [glue] = await Promise.all([
  import(at('app-glue')), isLink() && openLink().catch(() => {}), needsLate && loadLate().catch(() => {}),
]);
globalThis.readyz.fields = glue.fields; // the editor completes from the engine's schema
await glue.default({ module_or_path: wasm });
document.documentElement.dataset.started = '';
if (typeof readyzLate === 'string') whenIdle(() => loadLate().catch(() => {})); // it stays an address, and is fetched when called
