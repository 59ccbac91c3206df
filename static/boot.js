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

/** What Rust calls, through `#[wasm_bindgen(js_namespace = readyz)]`. */
globalThis.readyz = {
  at,
  /** Starts a worker from source text; a blob works in an opaque origin too. */
  spawn(source) {
    const url = URL.createObjectURL(new Blob([source], { type: 'text/javascript' }));
    return new Worker(policy.createScriptURL(url)); // some browsers read the blob later: never revoked
  },
};

// The integrity is checked by the browser; it comes from the build, which hashed the final file.
const integrity = document.getElementById('app-wasm').dataset.integrity;
const wasm = fetch(at('app-wasm'), integrity ? { integrity } : {});
await (await import(at('app-glue'))).default({ module_or_path: wasm });
document.documentElement.dataset.started = '';
