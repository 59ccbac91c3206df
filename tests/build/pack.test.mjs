// A packed module comes out of the page's unpacker as it went in.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { unpack } from '../../editor/unpack.js';
import { pack } from '../../scripts/lib/pack.mjs';

test('what is packed is unpacked to the same bytes', () => {
  // Repeats, runs and bytes with no order, as code, tables and words have them.
  let noise = 1;
  const bytes = Uint8Array.from({ length: 60_000 }, (_, at) => {
    if (at % 1_000 < 300) return at % 7;
    noise = Math.imul(noise, 1_103_515_245) + 12_345 >>> 0;
    return at % 1_000 < 600 ? noise >>> 24 : (at >> 8) & 0xff;
  });
  const packed = pack(bytes);
  assert.ok(packed.length < bytes.length * 0.5, `${packed.length} bytes`);
  assert.deepEqual(unpack(Uint8Array.from(packed).buffer), bytes);
});
