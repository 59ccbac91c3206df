// Added to the glue of a split module: the later modules are loaded when the page is idle, and without delay when one of
// their functions is called before. `readyzLate` are they, or their addresses. Each needs those before it.
function fetchNow(address) {
  const request = new XMLHttpRequest();
  request.open('GET', address, false);
  request.overrideMimeType('text/plain; charset=x-user-defined');
  request.send();
  return new WebAssembly.Module(Uint8Array.from(request.responseText, letter => letter.charCodeAt(0)));
}
function withLate(imports) {
  let there = 0;
  const load = upTo => {
    const { _t0: table } = wasm; // functions are named by their places there
    const first = new Proxy(wasm, { get: (_, name) => (name.startsWith('_') ? wasm[name] : table.get(parseInt(name, 36))) });
    while (there < upTo) {
      const found = globalThis.readyzLate[there];
      new WebAssembly.Instance(found instanceof WebAssembly.Module ? found : fetchNow(found), { ...imports, f: first });
      there++;
    }
  };
  imports.s = { 1() { load(1); }, 2() { load(2); } };
  return imports;
}
