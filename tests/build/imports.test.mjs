// A module with short names for its imports does what it did, and the glue answers to them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import binaryen from 'binaryen';
import { glueFor, withShortImports } from '../../scripts/lib/short-imports.mjs';

const glue = `function __wbg_get_imports() {
    const import0 = {
        __proto__: null,
        __wbg_add_0123456789abcdef: function(a, b) {
            return a + b;
        },
        __wbg_double_fedcba9876543210: function(a) {
            return 2 * a;
        },
    };
    return { "./glue.js": import0 };
}
__wbg_get_imports`;
const whole = binaryen.parseText(`(module
  (import "./glue.js" "__wbg_add_0123456789abcdef" (func $add (param i32 i32) (result i32)))
  (import "./glue.js" "__wbg_double_fedcba9876543210" (func $double (param i32) (result i32)))
  (func (export "run") (param i32) (result i32) (call $add (call $double (local.get 0)) (i32.const 300))))`).emitBinary();

test('imports with short names', () => {
  const { bytes, names } = withShortImports(Buffer.from(whole));
  assert.deepEqual([...names.values()], ['0', '1']);
  assert.ok(bytes.length < whole.length - 40, `${whole.length} → ${bytes.length} bytes`);
  const imports = (0, eval)(glueFor(names, glue))();
  assert.equal(new WebAssembly.Instance(new WebAssembly.Module(bytes), imports).exports.run(21), 342);
  const other = glue.replace('__wbg_double', '__wbg_triple');
  assert.throws(() => glueFor(names, other), /looks different/);
});

test('a module without imports stays as it is', () => {
  const alone = Buffer.from(binaryen.parseText('(module (func (export "run")))').emitBinary());
  assert.deepEqual(withShortImports(alone).bytes, alone);
});
