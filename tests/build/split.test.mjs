// A split module does what the whole one does, wherever its functions and regions lie.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import binaryen from 'binaryen';
import { constantsOf, withConstants } from '../../scripts/lib/constants.mjs';
import { regionsOf } from '../../scripts/lib/regions.mjs';
import { readProfile, split, withCounters, writeProfile } from '../../scripts/lib/split-module.mjs';

/** Instructions without meaning that make a region worth moving; they change the local $t. */
const padding = Array.from({ length: 12 }, (_, index) =>
  `(local.set $t (i32.xor (i32.mul (local.get $t) (i32.const ${index + 3})) (local.get $a)))`).join('\n');

/** One function for each way in which a region can be left, and for what can be live across it. */
const bodies = {
  goesOn: `(if (i32.and (local.get $a) (i32.const 1)) (then ${padding}))
    (i32.add (local.get $t) (local.get $b))`,
  twoOutputs: `(if (i32.and (local.get $a) (i32.const 1))
      (then ${padding} (local.set $u (i32.sub (local.get $t) (local.get $b)))))
    (i32.mul (local.get $t) (i32.add (local.get $u) (i32.const 7)))`,
  value: `(i32.add (local.get $b) (if (result i32) (i32.and (local.get $a) (i32.const 2))
      (then ${padding} (i32.sub (local.get $t) (local.get $b))) (else (i32.const 11))))`,
  valueAndOutput: `(local.set $u (if (result i32) (i32.and (local.get $a) (i32.const 2))
      (then ${padding} (i32.sub (local.get $t) (local.get $b))) (else (i32.const 11))))
    (i32.xor (local.get $u) (local.get $t))`,
  leaves: `(block $out (block $inner
        (br_if $inner (i32.and (local.get $a) (i32.const 1)))
        ${padding}
        (br_if $out (i32.and (local.get $t) (i32.const 4)))
        (local.set $u (i32.const 5)))
      (local.set $u (i32.add (local.get $u) (i32.const 100))))
    (i32.add (local.get $t) (local.get $u))`,
  returns: `(if (i32.and (local.get $a) (i32.const 3))
      (then ${padding} (return (i32.add (local.get $t) (i32.const 1)))))
    (i32.const -1)`,
  returnsOrGoesOn: `(if (i32.and (local.get $a) (i32.const 3))
      (then ${padding} (if (i32.and (local.get $t) (i32.const 8)) (then (return (local.get $t)))) (local.set $u (i32.const 9))))
    (i32.sub (local.get $u) (local.get $t))`,
  manyWays: `(block $one (block $two (block $three
        (if (i32.and (local.get $b) (i32.const 1)) (then ${padding}
          (br_table $one $two $three (i32.and (local.get $t) (i32.const 3)))))
        (return (i32.const 77)))
      (return (i32.add (local.get $t) (i32.const 3))))
    (local.set $t (i32.add (local.get $t) (i32.const 2))))
    (local.get $t)`,
  // What a round of the loop leaves in $u, the next one finds, though only the region knows $u.
  carries: `(loop $again
      (if (i32.and (local.get $b) (i32.const 1)) (then ${padding}
        (local.set $u (i32.add (local.get $u) (local.get $t)))
        (i32.store (i32.const 64) (local.get $u))))
      (local.set $b (i32.sub (local.get $b) (i32.const 1)))
      (br_if $again (i32.gt_s (local.get $b) (i32.const 0))))
    (i32.load (i32.const 64))`,
  nextRound: `(block $out (loop $again
      (br_if $out (i32.le_s (local.get $b) (i32.const 0)))
      (local.set $b (i32.sub (local.get $b) (i32.const 1)))
      (br_if $again (i32.and (local.get $a) (i32.const 1)))
      ${padding}
      (br_if $again (i32.and (local.get $t) (i32.const 1)))
      (local.set $u (i32.add (local.get $u) (i32.const 1)))
      (br $again)))
    (i32.add (local.get $t) (local.get $u))`,
  wide: `(if (i32.and (local.get $a) (i32.const 1)) (then ${padding}
      (local.set $w (i64.add (i64.mul (local.get $w) (i64.const 77777777777)) (i64.extend_i32_s (local.get $t))))
      (local.set $f (f64.add (local.get $f) (f64.convert_i64_s (local.get $w))))))
    (i32.wrap_i64 (i64.xor (local.get $w) (i64.trunc_sat_f64_s (local.get $f))))`,
  traps: `(if (i32.eq (local.get $a) (i32.const 13)) (then ${padding} (i32.store (i32.const 60) (local.get $t)) (unreachable)))
    (local.get $b)`,
};
const names = Object.keys(bodies);
const whole = (() => {
  const functions = names.map(name => `(func $${name} (export "${name}") (param $a i32) (param $b i32) (result i32)
    (local $t i32) (local $u i32) (local $w i64) (local $f f64)
    (local.set $w (i64.const 5)) (local.set $f (f64.const 0.5)) ${bodies[name]})`);
  const module = binaryen.parseText(`(module (memory $0 (export "memory") 1) (table $0 1 funcref) ${functions.join('\n')})`);
  module.setFeatures(binaryen.Features.All);
  module.runPasses(['flatten', 'simplify-locals', 'coalesce-locals', 'vacuum', 'remove-unused-names', 'merge-blocks']);
  binaryen.setDebugInfo(true);
  const bytes = Buffer.from(module.emitBinary());
  binaryen.setDebugInfo(false);
  return bytes;
})();

/** How many functions a module holds. */
function functionsIn(bytes) {
  const module = binaryen.readBinary(bytes);
  return Array.from({ length: module.getNumFunctions() }, (_, index) => binaryen.getFunctionInfo(module.getFunctionByIndex(index)))
    .filter(({ module: from }) => !from).length;
}

/** The modules put together as scripts/glue/late.js does. `asked` hears which is wanted. */
function join(modules, asked = () => {}) {
  let there = 1;
  const imports = {};
  const load = upTo => {
    asked(upTo);
    const f = new Proxy({}, { get: (_, name) => (name.startsWith('_') ? instance[name] : instance._t0.get(parseInt(name, 36))) });
    while (there <= upTo) new WebAssembly.Instance(new WebAssembly.Module(modules[there++]), { ...imports, f });
  };
  imports.s = { 1: () => load(1), 2: () => load(2) };
  const instance = new WebAssembly.Instance(new WebAssembly.Module(modules[0]), imports).exports;
  return instance;
}

function answers(exports) {
  const told = [];
  for (const name of names) {
    for (let a = -3; a < 20; a++) {
      for (let b = -1; b < 7; b++) {
        let answer;
        try { answer = exports[name](a, b); } catch (error) { answer = error.constructor.name; }
        told.push([name, a, b, answer, new Int32Array(exports.memory.buffer)[16]]);
      }
    }
  }
  return told;
}

const expected = answers(new WebAssembly.Instance(new WebAssembly.Module(whole)).exports);
const everywhere = isCold => ({ isEarly: () => true, runOf: () => ({ has: index => !isCold(index) }) });

test('with every region in the second module, all functions answer as before', () => {
  const both = split(whole, undefined, [everywhere(() => true)]);
  const regions = functionsIn(both[1]);
  assert.ok(regions >= names.length, `${regions} regions of ${names.length} functions were moved`);
  assert.deepEqual(answers(join(both)), expected);
});

test('so do they with one of their regions there, or all but one', () => {
  const module = binaryen.readBinary(whole);
  const most = Math.max(...names.map((_, index) => regionsOf(binaryen.getFunctionInfo(module.getFunctionByIndex(index)).body).length));
  for (let only = 0; only < most; only++) {
    assert.deepEqual(answers(join(split(whole, undefined, [everywhere(index => index === only)]))), expected, `only region ${only}`);
    assert.deepEqual(answers(join(split(whole, undefined, [everywhere(index => index !== only)]))), expected, `all but region ${only}`);
  }
});

test('so do they in three modules, with every third function and region in each', () => {
  const isOf = (text, share) => [...text].reduce((sum, letter) => sum + letter.charCodeAt(0), 0) % 3 < share;
  for (const turn of [0, 1, 2]) {
    const profile = share => ({ isEarly: name => isOf(name + ' '.repeat(turn), share), runOf: () => ({ has: index => (index + turn) % 3 < share }) });
    const three = split(whole, undefined, [profile(1), profile(2)]);
    assert.equal(three.length, 3);
    assert.deepEqual(answers(join(three)), expected, `turn ${turn}`);
  }
});

test('of three modules one that is not needed is not asked for', () => {
  const only = name => ({ isEarly: other => other === name, runOf: () => undefined });
  const three = split(whole, undefined, [only('goesOn'), only('value')]);
  const asked = [];
  const exports = join(three, which => asked.push(which));
  exports.goesOn(1, 2);
  assert.deepEqual(asked, []);
  exports.value(1, 2);
  assert.deepEqual(asked, [1]);
  exports.traps(1, 2);
  exports.value(1, 2);
  assert.deepEqual(asked, [1, 2]);
});

test('the counters tell what was run, and the split keeps that in the first module', () => {
  const { counting, places } = withCounters(whole);
  const met = new Set();
  let hits = 0;
  const hit = point => { met.add(point); hits++; };
  const counted = new WebAssembly.Instance(new WebAssembly.Module(counting), { count: { hit } }).exports;
  for (let b = 0; b < 4; b++) counted.goesOn(2, b);
  assert.equal(hits, met.size);
  const profile = readProfile(writeProfile(places, met), () => false);
  const [bytes] = split(whole, undefined, [profile]);
  let asked = 0;
  const first = new WebAssembly.Instance(new WebAssembly.Module(bytes), { s: { 1: () => { asked++; } } }).exports;
  assert.equal(first.goesOn(2, 3), 3);
  assert.equal(asked, 0);
  assert.throws(() => first.goesOn(1, 3), WebAssembly.RuntimeError); // its region was not run, and is not there
  assert.equal(asked, 1);
});

test('a function that has changed since the profile stays whole', () => {
  const { places } = withCounters(whole);
  const changed = places.map(place => ({ ...place, shape: '00000000' }));
  const profile = readProfile(writeProfile(changed, new Set(places.map(({ first }) => first))), () => false);
  assert.equal(functionsIn(split(whole, undefined, [profile])[1]), 0);
});

test('a profile keeps what a former one met, unless that code is gone', () => {
  const places = [
    { name: 'a', shape: '00000001', first: 0, regions: 5 },
    { name: 'b', shape: '00000002', first: 6, regions: 0 },
  ];
  const former = 'a\t00000001\t48\na\t00000009\tf\nb\t00000002\t';
  const profile = readProfile(writeProfile(places, new Set([0, 1, 2]), former), () => false);
  assert.deepEqual([...profile.runOf('a', '00000001')], [0, 1, 4]);
  assert.equal(profile.runOf('a', '00000009'), undefined);
  assert(profile.isEarly('b'));
  assert(!readProfile(writeProfile(places, new Set([0])), () => false).isEarly('b'));
});

test('a module without notes of the linker keeps its constants', () => {
  assert.equal(constantsOf(whole), undefined);
  assert.deepEqual(withConstants(whole, () => false), whole);
});
