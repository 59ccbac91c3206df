// A packed module comes out of the page's unpacker as it went in.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import binaryen from 'binaryen';
import { unpack } from '../../editor/unpack.js';
import { pack } from '../../scripts/lib/pack.mjs';

/** A module with an operand of every kind that Rust's code has. */
const text = `(module
  (memory 1 9) (table 4 8 funcref) (global $g (mut i32) (i32.const 7))
  (type $t (func (param i32) (result i32)))
  (elem (i32.const 0) $a $b)
  (data "words that stand behind the code, and words that stand behind the code")
  (func $a (param $x i32) (result i32) (local $l i64) (local $d f64) (local $f f32)
    (local.set $l (i64.const -9007199254740993))
    (local.set $d (f64.const 1e300))
    (local.set $f (f32.const -0.5))
    (block $out (block $two (block $one
      (br_table $one $two $out (local.get $x)))
      (return (i32.wrap_i64 (local.get $l))))
      (br_if $out (i32.trunc_sat_f64_s (local.get $d)))
      (loop $again (global.set $g (i32.add (global.get $g) (i32.const 123456789))) (br $again)))
    (memory.copy (i32.const 1) (i32.const 2) (i32.const 300))
    (memory.fill (i32.const 1) (i32.const 2) (i32.const 300))
    (drop (memory.grow (memory.size)))
    (i64.store offset=70000 (i32.const 8) (local.get $l))
    (table.set (i32.const 1) (table.get (i32.const 0)))
    (drop (ref.func $b))
    (call_indirect (type $t) (i32.load8_u offset=9 (local.get $x)) (i32.const 1)))
  (func $b (param i32) (result i32) (if (result i32) (local.get 0) (then (call $a (i32.const 5))) (else (select (i32.const 1) (i32.const 2) (local.get 0)))))
  (export "a" (func $a)))`;

test('what is packed is unpacked to the same bytes', () => {
  const module = binaryen.parseText(text);
  module.setFeatures(binaryen.Features.All);
  const bytes = module.emitBinary();
  assert.ok(new WebAssembly.Module(bytes));
  const packed = pack(Buffer.from(bytes));
  assert.deepEqual(unpack(Uint8Array.from(packed).buffer), bytes);
});
