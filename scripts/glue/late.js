
// Added to the glue of a split module: the second module is loaded when the page is idle, and
// without delay when one of its functions is called before. `readyzLate` is it, or its address.
function fetchNow(address) {
  const request = new XMLHttpRequest();
  request.open('GET', address, false);
  request.overrideMimeType('text/plain; charset=x-user-defined');
  request.send();
  return new WebAssembly.Module(Uint8Array.from(request.responseText, letter => letter.charCodeAt(0)));
}
function withLate(imports) {
  imports.s = {
    l() {
      const { readyzLate: found } = globalThis;
      const { _t0: table } = wasm; // its functions are named by their places there
      const first = new Proxy(wasm, { get: (_, name) => (name.startsWith('_') ? wasm[name] : table.get(parseInt(name, 36))) });
      new WebAssembly.Instance(found instanceof WebAssembly.Module ? found : fetchNow(found), { ...imports, f: first });
    },
  };
  return imports;
}
