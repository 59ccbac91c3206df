// Moves regions of functions (regions.mjs) that do not run from a module to a later one. Each
// becomes a function that gets the locals it reads as arguments. What it changes comes back as its result or, if
// that is not enough, in globals that serve as registers; a region that can be left in several ways answers which.
import binaryen from 'binaryen';
import { holds, livenessOf } from './liveness.mjs';
import { childrenOf, regionsOf } from './regions.mjs';

const { Block, If, Break, Switch, LocalGet, LocalSet, Return } = binaryen;

const KINDS = { [binaryen.i32]: 'i32', [binaryen.i64]: 'i64', [binaryen.f32]: 'f32', [binaryen.f64]: 'f64' };
const zeroOf = (module, type) => module[KINDS[type]].const(type === binaryen.i64 ? 0n : 0);

/** Which way a region was left, and registers for what it changes: globals of all modules. */
const WAY = 'outline-way';
const register = (type, at) => `outline-${KINDS[type]}-${at}`;
const REGISTERS = 6; // of each type; the last is for a value
/** By how much a region must be larger than its call. */
const MARGIN = 1.25;

/** Adds the registers; the modules share them. */
export function addRegisters(module) {
  module.addGlobal(WAY, binaryen.i32, true, module.i32.const(0));
  for (const type of Object.keys(KINDS).map(Number)) {
    for (let at = 0; at < REGISTERS; at++) module.addGlobal(register(type, at), type, true, zeroOf(module, type));
  }
}

/** Everything in some expressions that matters for moving them. */
function survey(items) {
  const found = {
    size: 0, accesses: [], accessed: new Set(), set: new Set(), labels: new Set(), targets: new Set(), valued: new Set(), returns: [],
  };
  const visit = expression => {
    found.size++;
    const id = binaryen.getExpressionId(expression);
    if (id === binaryen.BlockId) found.labels.add(Block.getName(expression));
    else if (id === binaryen.LoopId) found.labels.add(binaryen.Loop.getName(expression));
    else if (id === binaryen.BreakId) {
      found.targets.add(Break.getName(expression));
      if (Break.getValue(expression)) found.valued.add(Break.getName(expression));
    } else if (id === binaryen.SwitchId) {
      const names = [...Switch.getNames(expression), Switch.getDefaultName(expression)];
      names.forEach(name => found.targets.add(name));
      if (Switch.getValue(expression)) names.forEach(name => found.valued.add(name));
    } else if (id === binaryen.ReturnId) found.returns.push(expression);
    else if (id === binaryen.LocalGetId) {
      found.accesses.push(expression);
      found.accessed.add(LocalGet.getIndex(expression));
    } else if (id === binaryen.LocalSetId) {
      found.accesses.push(expression);
      found.accessed.add(LocalSet.getIndex(expression));
      found.set.add(LocalSet.getIndex(expression));
    }
    childrenOf(expression).forEach(visit);
  };
  items.forEach(visit);
  return found;
}

/** Roughly, in bytes: an instruction, a call with its import, an argument, an output, another way out. */
const COSTS = { instruction: 2.2, call: 14, input: 2, output: 4, way: 7 };
const MOST_WAYS = 5;

/**
 * How a region would be called, or nothing if it cannot be moved or that is not worth it. `types`: of the function's
 * locals. `results`: of the function.
 */
function planOf({ holder, at, items }, liveness, types, results) {
  const found = survey(items);
  const { size, accessed, set, targets, labels, valued, returns } = found;
  if (COSTS.instruction * size < COSTS.call) return undefined;
  const outside = [...targets].filter(name => !labels.has(name));
  if (outside.some(name => valued.has(name))) return undefined;

  const type = binaryen.getExpressionType(items.at(-1));
  const endsBlock = typeof at === 'number' && binaryen.getExpressionType(holder) === binaryen.none;
  const own = endsBlock ? Block.getName(holder) : undefined; // a jump there is the same as going on
  const exits = outside.filter(name => name !== own);
  const ways = [
    ...(type !== binaryen.unreachable || (own && outside.includes(own)) ? [{ kind: 'on' }] : []),
    ...exits.map(label => ({ kind: 'label', label })),
    ...(returns.length ? [{ kind: 'return' }] : []),
  ];
  const isReadLater = local => (ways[0]?.kind === 'on' && holds(liveness.after(holder, at), local))
    || exits.some(label => holds(liveness.at(label), local));
  const locals = [...accessed].sort((a, b) => a - b);
  const inputs = locals.filter(local => holds(liveness.before(holder, at), local));
  const outputs = locals.filter(local => set.has(local) && isReadLater(local));
  const cost = COSTS.call + COSTS.input * inputs.length + COSTS.output * outputs.length + COSTS.way * Math.max(0, ways.length - 1);
  if (COSTS.instruction * size < cost * MARGIN || ways.length > MOST_WAYS || outputs.length >= REGISTERS) return undefined;

  const value = type === binaryen.none || type === binaryen.unreachable ? undefined : type;
  const carried = [...outputs.map(local => types[local]), ...(value ? [value] : []), ...(returns.length && results ? [results] : [])];
  if (carried.some(kind => !KINDS[kind])) return undefined;
  return { found, ways, own, value, inputs, outputs, locals, results, types, answer: answerOf(ways, value, outputs, results, types) };
}

/** What a region's function returns: `what` says what its result `type` is. */
function answerOf(ways, value, outputs, results, types) {
  if (ways.length > 1) return { what: 'way', type: binaryen.i32 };
  if (ways[0]?.kind === 'return') return { what: 'results', type: results };
  if (value && !outputs.length) return { what: 'value', type: value };
  if (!value && outputs.length) return { what: 'output', type: types[outputs[0]] };
  return { what: 'nothing', type: binaryen.none };
}

/** The registers of the outputs and of the value: of each type one after the other. */
const outputRegister = ({ types, outputs }, index) => register(types[outputs[index]], index);
const valueRegister = type => register(type, REGISTERS - 1);

/** The outputs that come back in registers. */
const inRegisters = ({ answer, outputs }) => outputs.map((local, index) => ({ local, index })).slice(answer.what === 'output' ? 1 : 0);

/** Adds a region's function to its module. `items` are taken out of that module's copy of the region. */
function addFunction(module, name, plan, items) {
  const { found, ways, own, value, inputs, outputs, locals, results, types, answer } = plan;
  const order = [...inputs, ...locals.filter(local => !inputs.includes(local))];
  const vars = order.slice(inputs.length).map(local => types[local]);
  const place = local => order.indexOf(local);
  for (const access of found.accesses) {
    const { getIndex, setIndex } = binaryen.getExpressionId(access) === binaryen.LocalGetId ? LocalGet : LocalSet;
    setIndex(access, place(getIndex(access)));
  }
  const get = local => module.local.get(place(local), types[local]);
  const way = answer.what === 'way' ? inputs.length + vars.push(binaryen.i32) - 1 : undefined;
  const take = kind => (way === undefined ? [] : [module.local.set(way, module.i32.const(ways.indexOf(kind)))]);

  let body = items;
  if (value && answer.what !== 'value') body = [module.global.set(valueRegister(value), module.block(null, items, value))];
  if (own) body = [module.block(own, body, binaryen.none)];
  // A jump to a label outside ends up behind a block of that name, and says which it was.
  for (const exit of ways.filter(({ kind }) => kind === 'label')) {
    body = [module.block(exit.label, [...body, module.br('outline-end')], binaryen.none), ...take(exit)];
  }
  if (ways.some(({ kind }) => kind === 'label')) body = [module.block('outline-end', body, binaryen.none)];
  if (way !== undefined) {
    for (const jump of found.returns) {
      const result = Return.getValue(jump);
      const told = module.i32.const(ways.findIndex(({ kind }) => kind === 'return'));
      Return.setValue(jump, result ? module.block(null, [module.global.set(valueRegister(results), result), told], binaryen.i32) : told);
    }
  }
  for (const { local, index } of inRegisters(plan)) body.push(module.global.set(outputRegister(plan, index), get(local)));
  if (answer.what === 'output') body.push(get(outputs[0]));
  if (way !== undefined) body.push(module.local.get(way, binaryen.i32));
  const type = ways.length && answer.what !== 'results' ? answer.type : binaryen.unreachable;
  module.addFunction(name, binaryen.createType(inputs.map(local => types[local])), answer.type, vars, module.block(null, body, type));
}

/** What stands in a region's place: the call of its function, and what follows from its answer. */
function callOf(module, name, plan) {
  const { ways, value, inputs, outputs, results, types, answer } = plan;
  const call = module.call(name, inputs.map(local => module.local.get(local, types[local])), answer.type);
  const valueOf = type => module.global.get(valueRegister(type), type);
  if (!ways.length) return [call, module.unreachable()];
  if (answer.what === 'results') return results ? [module.return(call)] : [call, module.return()];
  if (answer.what === 'value') return [call];
  const leave = ({ kind, label }, condition) => {
    if (kind === 'label') return module.br(label, condition);
    const jump = module.return(results ? valueOf(results) : undefined);
    return condition ? module.if(condition, jump) : jump;
  };
  const [on, ...others] = ways[0].kind === 'on' ? ways : [undefined, ...ways];
  const reads = inRegisters(plan).map(({ local, index }) =>
    module.local.set(local, module.global.get(outputRegister(plan, index), types[local])));
  if (on && others.length === 1 && !reads.length && !value) return [leave(others[0], call)];
  const first = {
    way: () => module.global.set(WAY, call),
    output: () => module.local.set(outputs[0], call),
    nothing: () => call,
  }[answer.what]();
  const isWay = at => module.i32.eq(module.global.get(WAY, binaryen.i32), module.i32.const(ways.indexOf(others[at])));
  const leaves = others.map((other, at) => leave(other, on || at < others.length - 1 ? isWay(at) : undefined));
  return [first, ...reads, ...leaves, ...(on && value ? [valueOf(value)] : [])];
}

/** Regions that are not run, the outermost for which `take(region)` finds it worth it. */
function chooseCold(body, regions, isCold, take) {
  const byHolder = new Map();
  regions.forEach((region, index) => {
    if (!byHolder.has(region.holder)) byHolder.set(region.holder, new Map());
    byHolder.get(region.holder).set(region.at, index);
  });
  const visit = expression => {
    const here = byHolder.get(expression);
    const taken = at => here?.has(at) && isCold(here.get(at)) && take(here.get(at));
    const id = binaryen.getExpressionId(expression);
    if (id === binaryen.IfId) {
      visit(If.getCondition(expression));
      for (const [at, arm] of [['true', If.getIfTrue(expression)], ['false', If.getIfFalse(expression)]]) {
        if (arm && !taken(at)) visit(arm);
      }
    } else {
      for (const [at, child] of childrenOf(expression).entries()) {
        if (id === binaryen.BlockId && taken(at)) return;
        visit(child);
      }
    }
  };
  visit(body);
}

/**
 * Moves regions of one function from `modules[at]` to other modules, as functions and imports: `homeOf(index)` says to
 * which, or nothing where a region stays; `nameRegion(home)` names it and its import. All modules hold the function.
 */
export function outline(modules, at, name, homeOf, nameRegion) {
  const ours = modules[at];
  const copies = new Map();
  const copyIn = home => {
    if (!copies.has(home)) {
      const { params, vars, results, body } = binaryen.getFunctionInfo(modules[home].getFunction(name));
      const types = [...binaryen.expandType(params), ...vars];
      copies.set(home, { body, results, types, regions: regionsOf(body), liveness: livenessOf(body, types.length) });
    }
    return copies.get(home);
  };
  const body = binaryen.Function.getBody(ours.getFunction(name));
  const places = regionsOf(body);
  if (!places.some((_, index) => homeOf(index) !== undefined)) return;
  const plans = [];
  chooseCold(body, places, index => homeOf(index) !== undefined, index => {
    const { regions, liveness, types, results } = copyIn(homeOf(index));
    const plan = planOf(regions[index], liveness, types, results);
    if (plan) plans.push({ index, plan, home: homeOf(index) });
    return plan;
  });
  for (const { index, plan, home } of plans) {
    const { name: region, base, from } = nameRegion(home);
    const { regions, types } = copyIn(home);
    addFunction(modules[home], region, plan, regions[index].items);
    ours.addFunctionImport(region, from, base, binaryen.createType(plan.inputs.map(local => types[local])), plan.answer.type);
    replace(ours, places[index], callOf(ours, region, plan));
  }
}

/** Puts other expressions in a region's place. */
function replace(module, { holder, at, items }, others) {
  if (typeof at === 'number') {
    for (let last = Block.getNumChildren(holder) - 1; last >= at; last--) Block.removeChildAt(holder, last);
    for (const other of others) Block.appendChild(holder, other);
  } else {
    const set = at === 'true' ? If.setIfTrue : If.setIfFalse;
    set(holder, module.block(null, others, binaryen.getExpressionType(items[0])));
  }
}
