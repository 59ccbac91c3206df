// Splits the page's Wasm module in two: functions that playing a scenario calls, and all others.
// Both share memory, tables and globals. Where the first calls a function of the second, it calls
// an import; scripts/glue/late.js answers it and loads the second module if need be.
import binaryen from 'binaryen';

/** Module names of the imports, short because each import repeats them. */
const FIRST = 'f';
const SECOND = 's';

/** A function's name without what differs from build to build: crates' hashes, and the numbers that
 *  tell functions of one name apart. */
export const nameOf = name => name.replace(/\[[0-9a-f]{8,}\]/g, '').replace(/\[\d+\]$|\.\d+$/, '');

function read(bytes) {
  const module = binaryen.readBinary(bytes);
  const functions = [];
  for (let i = 0; i < module.getNumFunctions(); i++) {
    const info = binaryen.getFunctionInfo(module.getFunctionByIndex(i));
    if (!info.module) functions.push(info);
  }
  return { module, functions };
}

/** Turns functions into imports from the other module, under their numbers. */
function importThem(module, functions, from, number) {
  for (const { name, params, results } of functions) {
    module.removeFunction(name);
    module.addFunctionImport(name, from, number.get(name), params, results);
  }
}

/** What a module still imports from another, by number. */
function importsFrom(module, from) {
  const found = [];
  for (let i = 0; i < module.getNumFunctions(); i++) {
    const { module: other, base } = binaryen.getFunctionInfo(module.getFunctionByIndex(i));
    if (other === from) found.push(base);
  }
  return found;
}

const clean = module => module.runPasses(['remove-unused-module-elements', 'reorder-functions']);

/** Removes exports, all or those of a set. */
function removeExports(module, isUnwanted = () => true) {
  const names = [];
  for (let i = 0; i < module.getNumExports(); i++) names.push(binaryen.getExportInfo(module.getExportByIndex(i)).name);
  names.filter(isUnwanted).forEach(name => module.removeExport(name));
}

/** The binary without the sections that would fill memory and table again. */
function withoutSegments(bytes) {
  const number = at => {
    let [value, shift] = [0, 0];
    for (;;) {
      const byte = bytes[at++];
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return [value, at];
      shift += 7;
    }
  };
  const parts = [bytes.subarray(0, 8)];
  for (let at = 8; at < bytes.length;) {
    const [size, body] = number(at + 1);
    const isSegments = [9, 11, 12].includes(bytes[at]); // elements, data, count of data
    if (!isSegments) parts.push(bytes.subarray(at, body + size));
    at = body + size;
  }
  return Buffer.concat(parts);
}

/** Memory, tables and globals: `share(kind, internal name, external name, …)` for each. */
function shareState(module, share) {
  share('Memory', '0', '_m');
  for (let i = 0; i < module.getNumTables(); i++) {
    share('Table', binaryen.getTableInfo(module.getTableByIndex(i)).name, `_t${i}`);
  }
  for (let i = 0; i < module.getNumGlobals(); i++) {
    const { name, type, mutable } = binaryen.getGlobalInfo(module.getGlobalByIndex(i));
    share('Global', name, `_g${i}`, type, mutable);
  }
}

/**
 * `bytes`: the optimised module with its names. `isEarly(name)`: whether playing calls a function.
 * Returns `{ first, second }`.
 */
export function split(bytes, isEarly) {
  const { module: first, functions } = read(bytes);
  const second = read(bytes).module;
  const number = new Map(functions.map(({ name }, index) => [name, index.toString(36)]));
  const early = functions.filter(({ name }) => isEarly(nameOf(name)));
  const late = functions.filter(({ name }) => !isEarly(nameOf(name)));

  importThem(first, late, SECOND, number);
  shareState(first, (kind, name, as) => first[`add${kind}Export`](name, as));
  for (const { name } of early) first.addFunctionExport(name, number.get(name));

  removeExports(second);
  importThem(second, early, FIRST, number);
  shareState(second, (kind, name, as, type, mutable) => {
    if (kind === 'Global') second.addGlobalImport(name, FIRST, as, type, mutable);
    else second[`add${kind}Import`](name, FIRST, as);
  });
  const wanted = new Set(importsFrom(first, SECOND));
  for (const { name } of late) if (wanted.has(number.get(name))) second.addFunctionExport(name, number.get(name));
  while (second.getNumElementSegments()) {
    second.removeElementSegment(binaryen.getElementSegmentInfo(second.getElementSegmentByIndex(0)).name);
  }

  // What one does not use of the other need not be there; that may free more in turn.
  const ours = new Set(early.map(({ name }) => number.get(name)));
  for (let round = 0; round < 3; round++) {
    clean(second);
    const used = new Set(importsFrom(second, FIRST));
    removeExports(first, name => ours.has(name) && !used.has(name));
    clean(first);
    const called = new Set(importsFrom(first, SECOND));
    removeExports(second, name => !called.has(name));
  }
  clean(second);
  return { first: Buffer.from(first.emitBinary()), second: withoutSegments(Buffer.from(second.emitBinary())) };
}

/** The module with a call of the import `count.hit(index)` at the start of each function, and their names. */
export function withCounters(bytes) {
  const { module, functions } = read(bytes);
  module.addFunctionImport('hit', 'count', 'hit', binaryen.i32, binaryen.none);
  functions.forEach(({ name, body, results }, index) => {
    const call = module.call('hit', [module.i32.const(index)], binaryen.none);
    binaryen.Function.setBody(module.getFunction(name), module.block(null, [call, body], results));
  });
  return { counting: Buffer.from(module.emitBinary()), names: functions.map(({ name }) => nameOf(name)) };
}
