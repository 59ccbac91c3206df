// Splits the page's Wasm module in three: what playing the first example runs, what any other scenario runs besides,
// and the rest, by functions and by regions of functions (regions.mjs). They share memory, tables and globals. Where
// one calls a function of another, the table leads there; of a later one scripts/glue/late.js loads it if need be.
import { createHash } from 'node:crypto';
import binaryen from 'binaryen';
import { constantsOf, withConstants, withoutNotes } from './constants.mjs';
import { emitOrdered } from './order.mjs';
import { addRegisters, outline } from './outline.mjs';
import { childrenOf, putBefore, regionsOf } from './regions.mjs';

/** Module name of what the first gives to the later ones, and of what loads those; short, for each import repeats it. */
const FIRST = 'f';
const LOADER = 's';

/** A function's name without what differs from build to build: crates' hashes, and the numbers that
 *  tell functions of one name apart. */
export const nameOf = name => name.replace(/\[[0-9a-f]{8,}\]/g, '').replace(/\[\d+\]$|\.\d+$/, '');

function read(bytes) {
  const module = binaryen.readBinary(withoutNotes(bytes));
  return { module, functions: infosOf(module).filter(({ module: from }) => !from) };
}

/** Turns a function into an import from a module. */
function importIt(module, { name, params, results }, from, as) {
  module.removeFunction(name);
  module.addFunctionImport(name, from, as, params, results);
}

const tablesOf = module => Array.from({ length: module.getNumTables() }, (_, index) => binaryen.getTableInfo(module.getTableByIndex(index)).name);

/** The table that all share. */
const tableOf = modules => binaryen.getTableInfo(modules[0].getTableByIndex(0));

/**
 * Gives every function that another module uses a place in the table, which is shorter than an export. `functions`:
 * for each module its own ones of this kind. Returns the places by the functions' numbers, and each module's first.
 */
function putIntoTable(modules, functions, number) {
  const { name: table, initial } = tableOf(modules);
  const places = new Map();
  const begins = modules.map((module, at) => {
    if (!tablesOf(module).includes(table)) module.addTableImport(table, FIRST, '_t0');
    const from = initial + places.size;
    for (const { name } of functions[at]) places.set(number.get(name), initial + places.size);
    if (functions[at].length) module.addActiveElementSegment(table, 'passed', functions[at].map(({ name }) => name), module.i32.const(from));
    return from;
  });
  for (const module of modules) {
    const shared = module.getTable(table);
    binaryen.Table.setInitial(shared, initial + places.size);
    if (binaryen.Table.hasMax(shared)) binaryen.Table.setMax(shared, initial + places.size);
  }
  return { table, places, begins };
}

/**
 * Functions that `modules[own]` imports from later ones become functions of its own that call through the table: without a
 * detour by way of JavaScript, and shorter than the imports. Before the first call the later module is loaded; it then
 * puts its functions into the table. All of these functions look alike but for the place, which tells the module, too.
 */
function callThroughTable(modules, own, { table, places, begins }) {
  const { i32, none } = binaryen;
  const module = modules[own];
  const laters = [...modules.keys()].slice(own + 1);
  const imports = laters.flatMap(at => importsFrom(module, at));
  if (!imports.length) return;
  const place = () => module.local.get(0, i32);
  let checks;
  for (const at of laters) {
    const [load, loaded] = [`load-${at}`, `loaded-${at}`];
    module.addFunctionImport(load, LOADER, String(at), none, none);
    module.addGlobal(loaded, i32, true, module.i32.const(0));
    const check = module.if(module.i32.eqz(module.global.get(loaded, i32)), module.block(null, [
      module.call(load, [], none), module.global.set(loaded, module.i32.const(1))]));
    checks = checks ? module.if(module.i32.lt_u(place(), module.i32.const(begins[at])), checks, check) : check;
  }
  module.addFunction('needed', i32, i32, [], module.block(null, [checks, place()], i32));
  for (const { name, base, params, results } of imports) {
    const given = binaryen.expandType(params).map((type, index) => module.local.get(index, type));
    const target = module.call('needed', [module.i32.const(places.get(base))], i32);
    module.removeFunction(name);
    module.addFunction(name, params, results, [], module.call_indirect(table, target, given, params, results));
  }
}

/** What imports from a module are called while it is not settled how they come. */
const nameOfModule = at => `module-${at}`;

const infosOf = module => Array.from({ length: module.getNumFunctions() }, (_, index) => binaryen.getFunctionInfo(module.getFunctionByIndex(index)));

/** What a module still imports from another. */
const importsFrom = (module, at) => infosOf(module).filter(({ module: from }) => from === nameOfModule(at));

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
 * `bytes`: the optimised module with its names. `linked`: the linker's output for it, if constants are to be split too.
 * `profiles`: one for each module but the last, `isEarly(name)`: whether it calls a function; `runOf(name, shape)`: the
 * regions that it runs of it, if that is known. Returns the modules.
 */
export function split(bytes, linked, profiles) {
  const copies = [...profiles, undefined].map(() => read(bytes));
  const modules = copies.map(({ module }) => module);
  const [{ functions }] = copies;
  const last = profiles.length;
  let numbers = 0;
  const next = () => (numbers++).toString(36);
  /** Of each module the functions that are its own, and how another one's import names them. */
  const own = modules.map(() => []);
  const number = new Map();
  for (const one of functions) {
    const home = profiles.findIndex(profile => profile.isEarly(nameOf(one.name)));
    own[home < 0 ? last : home].push(one);
    number.set(one.name, next());
  }

  modules.forEach(addRegisters);
  const regions = modules.map(() => []);
  for (const [at, { runOf }] of profiles.entries()) {
    for (const { name, body } of own[at]) {
      const runs = profiles.slice(at).map(profile => profile.runOf(nameOf(name), shapeOf(body)));
      if (!runs[0]) continue;
      /** The first module at whose profile a region runs; nothing where it stays. */
      const homeOf = index => {
        const found = runs.findIndex(run => run?.has(index));
        return found === 0 ? undefined : found < 0 ? last : at + found;
      };
      outline(modules, at, name, homeOf, home => {
        const region = { name: `region-${numbers}`, from: nameOfModule(home) };
        number.set(region.name, next());
        regions[home].push(region);
        return { ...region, base: number.get(region.name) };
      });
    }
  }
  own.forEach((its, at) => its.push(...regions[at]));
  shareEverything(modules, own, functions, number);
  dropUnused(modules, own, number);
  const used = new Set(modules.flatMap(module => modules.flatMap((_, at) => importsFrom(module, at).map(({ base }) => base))));
  const passed = inOrderOfUse(modules, own.map(its => its.filter(({ name }) => used.has(number.get(name)))));
  const shared = putIntoTable(modules, passed, number);
  const ours = exported(own[0], number);
  modules.forEach((module, at) => {
    for (let earlier = 0; earlier < at; earlier++) {
      for (const one of importsFrom(module, earlier)) importIt(module, one, FIRST, shared.places.get(one.base).toString(36));
    }
    callThroughTable(modules, at, shared);
    removeExports(module, name => at > 0 || ours.has(name));
    clean(module);
    module.runPasses(AFTER_OUTLINING);
  });
  return withTheirConstants(modules, linked);
}

/** Functions as the modules before theirs import them: numbers that follow each other pack better. */
function inOrderOfUse(modules, functions) {
  const imported = new Map(modules.flatMap(module => infosOf(module).filter(({ module: from }) => from).map(({ name }) => name))
    .reverse().map((name, at) => [name, -at]));
  return functions.map(its => its.toSorted((one, other) => imported.get(one.name) - imported.get(other.name)));
}

const exported = (functions, number) => new Set(functions.map(({ name }) => number.get(name)));

/** Each module keeps its own functions and imports what is another's; all take state from the first. */
function shareEverything(modules, own, functions, number) {
  const homes = new Map(own.flatMap((its, at) => its.map(({ name }) => [name, at])));
  modules.forEach((module, at) => {
    if (at > 0) removeExports(module);
    for (const one of functions) {
      const home = homes.get(one.name);
      if (home !== at) importIt(module, one, nameOfModule(home), number.get(one.name));
    }
    shareState(module, (kind, name, as, type, mutable) => {
      if (at === 0) module[`add${kind}Export`](name, as);
      else if (kind === 'Global') module.addGlobalImport(name, FIRST, as, type, mutable);
      else module[`add${kind}Import`](name, FIRST, as);
    });
    for (const { name } of own[at]) module.addFunctionExport(name, number.get(name));
    while (at > 0 && module.getNumElementSegments()) {
      module.removeElementSegment(binaryen.getElementSegmentInfo(module.getElementSegmentByIndex(0)).name);
    }
  });
}

/** What one does not use of another need not be there; that may free more in turn. */
function dropUnused(modules, own, number) {
  for (let round = 0; round < 4; round++) {
    modules.forEach(clean);
    modules.forEach((module, at) => {
      const used = new Set(modules.flatMap(other => importsFrom(other, at)).map(({ base }) => base));
      const its = exported(own[at], number);
      removeExports(module, name => its.has(name) && !used.has(name));
    });
  }
  modules.forEach(clean);
}

/** The bytes of the modules, each with the constants that it needs and no earlier one has. */
function withTheirConstants(modules, linked) {
  const constants = linked && constantsOf(linked);
  const wanted = modules.slice(0, -1).map(module => constants?.neededBy(numbersIn(module)) ?? (() => true));
  return modules.map((module, at) => {
    const emitted = withConstants(emitOrdered(module), address =>
      !wanted.slice(0, at).some(isWanted => isWanted(address)) && (wanted[at]?.(address) ?? true));
    new WebAssembly.Module(emitted); // throws where it is not valid
    return emitted;
  });
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
