// Splits the page's Wasm module in two: what playing a scenario runs, and the rest, by functions and by
// regions of functions (regions.mjs). Both share memory, tables and globals. Where one calls a function of the other,
// the table leads there; the first has scripts/glue/late.js load the second if need be.
import { createHash } from 'node:crypto';
import binaryen from 'binaryen';
import { constantsOf, withConstants, withoutNotes } from './constants.mjs';
import { emitOrdered } from './order.mjs';
import { addRegisters, outline } from './outline.mjs';
import { childrenOf, putBefore, regionsOf } from './regions.mjs';

/** Module names of the imports, short because each import repeats them. */
const FIRST = 'f';
const SECOND = 's';

/** A function's name without what differs from build to build: crates' hashes, and the numbers that
 *  tell functions of one name apart. */
export const nameOf = name => name.replace(/\[[0-9a-f]{8,}\]/g, '').replace(/\[\d+\]$|\.\d+$/, '');

function read(bytes) {
  const module = binaryen.readBinary(withoutNotes(bytes));
  return { module, functions: infosOf(module).filter(({ module: from }) => !from) };
}

/** Turns functions into imports from the other module, under the names that `number` gives them. */
function importThem(module, functions, from, number) {
  for (const { name, params, results } of functions) {
    module.removeFunction(name);
    module.addFunctionImport(name, from, number.get(name), params, results);
  }
}

/**
 * Functions that `second` imports from `first` are entries of the table: shorter than exports. The name of the
 * import becomes the entry's number.
 */
function passThroughTable(first, second, functions) {
  const { name: table, initial } = binaryen.getTableInfo(first.getTableByIndex(0));
  first.addActiveElementSegment(table, 'passed', functions.map(({ name }) => name), first.i32.const(initial));
  const place = new Map(functions.map(({ name }, index) => [name, (initial + index).toString(36)]));
  importThem(second, functions, FIRST, place);
  growTables(first, second, initial + functions.length);
}

/** The one import that stays: it loads the second module, which then puts its functions into the table. */
const LOAD = 'load';

/**
 * Functions that `first` imports from `second` become functions of its own that call through the table: without a
 * detour by way of JavaScript, and shorter than the imports. `name` are those of the second, by number.
 */
function callThroughTable(first, second, name) {
  const { i32, none } = binaryen;
  const imports = infosOf(first).filter(({ module }) => module === SECOND);
  const { name: table, initial } = binaryen.getTableInfo(first.getTableByIndex(0));
  first.addFunctionImport(LOAD, SECOND, 'l', none, none);
  first.addGlobal('loaded', i32, true, first.i32.const(0));
  first.addFunction('need', none, none, [], first.block(null, [
    first.call(LOAD, [], none), first.global.set('loaded', first.i32.const(1))]));
  imports.forEach(({ name: called, params, results }, index) => {
    const given = binaryen.expandType(params).map((type, at) => first.local.get(at, type));
    first.removeFunction(called);
    first.addFunction(called, params, results, [], first.block(null, [
      first.if(first.i32.eqz(first.global.get('loaded', i32)), first.call('need', [], none)),
      first.call_indirect(table, first.i32.const(initial + index), given, params, results)], results));
  });
  if (!second.getNumTables()) second.addTableImport(table, FIRST, '_t0');
  second.addActiveElementSegment(table, 'late', imports.map(({ base }) => name.get(base)), second.i32.const(initial));
  growTables(first, second, initial + imports.length);
}

function growTables(first, second, size) {
  for (const module of [first, second]) {
    if (!module.getNumTables()) continue;
    const table = module.getTable(binaryen.getTableInfo(module.getTableByIndex(0)).name);
    binaryen.Table.setInitial(table, size);
    if (binaryen.Table.hasMax(table)) binaryen.Table.setMax(table, size);
  }
}

const infosOf = module => Array.from({ length: module.getNumFunctions() }, (_, index) => binaryen.getFunctionInfo(module.getFunctionByIndex(index)));

/** What a module still imports from another, by number. */
const importsFrom = (module, from) => infosOf(module).filter(({ module: other }) => other === from).map(({ base }) => base);

const clean = module => module.runPasses(['remove-unused-module-elements', 'reorder-functions']);

/** Removes exports, all or those of a set. */
function removeExports(module, isUnwanted = () => true) {
  const names = [];
  for (let i = 0; i < module.getNumExports(); i++) names.push(binaryen.getExportInfo(module.getExportByIndex(i)).name);
  names.filter(isUnwanted).forEach(name => module.removeExport(name));
}

/** The numbers in the code of a module that may be addresses. */
function numbersIn(module) {
  const numbers = new Set();
  const visit = expression => {
    const id = binaryen.getExpressionId(expression);
    const type = binaryen.getExpressionType(expression);
    if (id === binaryen.ConstId && type === binaryen.i32) numbers.add(binaryen.Const.getValueI32(expression));
    else if (id === binaryen.ConstId && type === binaryen.i64) { // two stores made one
      const both = BigInt(binaryen.Const.getValueI64(expression));
      numbers.add(Number(BigInt.asUintN(32, both))).add(Number(BigInt.asUintN(32, both >> 32n)));
    } else if (id === binaryen.LoadId) numbers.add(binaryen.Load.getOffset(expression));
    else if (id === binaryen.StoreId) numbers.add(binaryen.Store.getOffset(expression));
    (childrenOf(expression) ?? []).forEach(visit);
  };
  for (const { module: from, body } of infosOf(module)) if (!from) visit(body);
  return numbers;
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

/** What a function looks like, without the names and numbers that change from build to build. */
function shapeOf(body) {
  const shape = [];
  const visit = expression => {
    const children = childrenOf(expression) ?? [];
    shape.push(binaryen.getExpressionId(expression), children.length);
    children.forEach(visit);
  };
  visit(body);
  return createHash('sha256').update(Uint16Array.from(shape)).digest('hex').slice(0, 8);
}

/**
 * `bytes`: the optimised module with its names. `linked`: the linker's output for it, if constants are to be split too. `profile.isEarly(name)`: whether playing calls a function;
 * `profile.runOf(name, shape)`: the regions that it runs of it, if that is known. Returns `{ first, second }`.
 */
export function split(bytes, linked, profile) {
  const { module: first, functions } = read(bytes);
  const second = read(bytes).module;
  let numbers = 0;
  const next = () => (numbers++).toString(36);
  const number = new Map(functions.map(({ name }) => [name, next()]));
  const early = functions.filter(({ name }) => profile.isEarly(nameOf(name)));
  const late = functions.filter(({ name }) => !profile.isEarly(nameOf(name)));
  const answers = late.map(({ name }) => ({ name, base: number.get(name) }));

  addRegisters(first);
  addRegisters(second);
  for (const { name, body } of early) {
    const run = profile.runOf(nameOf(name), shapeOf(body));
    if (!run) continue;
    outline(first, second, name, index => !run.has(index), () => {
      const base = next();
      answers.push({ name: `region-${base}`, base });
      return answers.at(-1);
    }, SECOND);
  }
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
  for (const { name, base } of answers) if (wanted.has(base)) second.addFunctionExport(name, base);
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
  const used = new Set(importsFrom(second, FIRST));
  removeExports(first, name => ours.has(name));
  passThroughTable(first, second, early.filter(({ name }) => used.has(number.get(name))));
  callThroughTable(first, second, new Map(answers.map(({ name, base }) => [base, name])));
  removeExports(second);
  clean(second);
  for (const module of [first, second]) module.runPasses(AFTER_OUTLINING);
  const isWanted = (linked && constantsOf(linked)?.neededBy(numbersIn(first))) ?? (() => true);
  const both = {
    first: withConstants(emitOrdered(first), isWanted),
    second: withConstants(emitOrdered(second), address => !isWanted(address)),
  };
  for (const module of Object.values(both)) new WebAssembly.Module(module); // throws where it is not valid
  return both;
}

/** For what outlining leaves behind: locals without use, blocks in blocks. */
const AFTER_OUTLINING = ['remove-unused-names', 'merge-blocks', 'vacuum', 'coalesce-locals', 'reorder-locals', 'vacuum'];

/**
 * The module with a call of the import `count.hit(point)` where a function or a region starts, the first time; and
 * for each function its name, shape and first point: its start, followed by its regions.
 */
export function withCounters(bytes) {
  const { module, functions } = read(bytes);
  const { i32, none } = binaryen;
  module.addFunctionImport('hit', 'count', 'hit', i32, none);
  let points = 0;
  const mark = point => {
    const met = `met-${point}`;
    module.addGlobal(met, i32, true, module.i32.const(0));
    return module.if(module.i32.eqz(module.global.get(met, i32)), module.block(null, [
      module.global.set(met, module.i32.const(1)), module.call('hit', [module.i32.const(point)], none)], none));
  };
  const places = functions.map(({ name, body, results }) => {
    const regions = regionsOf(body);
    const place = { name: nameOf(name), shape: shapeOf(body), first: points, regions: regions.length };
    points += 1 + regions.length;
    for (let index = regions.length - 1; index >= 0; index--) putBefore(regions[index], mark(place.first + 1 + index), module);
    const function_ = module.getFunction(name);
    binaryen.Function.setBody(function_, module.block(null, [mark(place.first), body], results));
    return place;
  });
  return { counting: Buffer.from(module.emitBinary()), places };
}

/** What `profile.mjs` saw: `places` as above and the points that count, as lines of a text, together with what a
 *  `former` text says of functions that are still there. */
export function writeProfile(places, met, former = '') {
  const runs = new Map();
  for (const { name, shape, first, regions } of places) {
    if (!met.has(first)) continue;
    const run = Array.from({ length: regions }, (_, index) => met.has(first + 1 + index));
    const key = `${name}\t${shape}`;
    runs.set(key, run.map((isRun, index) => isRun || runs.get(key)?.[index]));
  }
  const there = new Map(places.map(({ name, shape, regions }) => [`${name}\t${shape}`, regions]));
  for (const [key, run] of runsOf(former)) {
    if (!there.has(key)) continue;
    const now = runs.get(key) ?? [];
    runs.set(key, Array.from({ length: there.get(key) }, (_, index) => now[index] || run.has(index)));
  }
  const lines = [...runs].map(([key, run]) => {
    const digits = [];
    for (let at = 0; at < run.length; at += 4) digits.push(parseInt([0, 1, 2, 3].map(bit => (run[at + bit] ? 1 : 0)).join(''), 2).toString(16));
    return `${key}\t${digits.join('')}`;
  });
  return lines.sort().join('\n');
}

/** The regions that each function runs, by name and shape. Functions of one name and shape run what any of them ran. */
function runsOf(text) {
  const runs = new Map();
  for (const line of text.split('\n').filter(Boolean)) {
    const [name, shape, digits] = line.split('\t');
    const key = `${name}\t${shape}`;
    if (!runs.has(key)) runs.set(key, new Set());
    [...digits].forEach((digit, at) => {
      for (let bit = 0; bit < 4; bit++) if (parseInt(digit, 16) & (8 >> bit)) runs.get(key).add(at * 4 + bit);
    });
  }
  return runs;
}

/** The text of `writeProfile` as `split` wants it. */
export function readProfile(text, isAlwaysEarly) {
  const runs = runsOf(text);
  const names = new Set([...runs.keys()].map(key => key.slice(0, key.lastIndexOf('\t'))));
  return { isEarly: name => names.has(name) || isAlwaysEarly(name), runOf: (name, shape) => runs.get(`${name}\t${shape}`) };
}
