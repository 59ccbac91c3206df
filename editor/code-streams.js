// The code of a Wasm module, sorted: opcodes, numbers of locals, offsets and so on in a stream of each
// kind, where like follows like, so that it packs smaller by a fifteenth. scripts/lib/pack.mjs takes the
// code apart, unpack.js puts it together.

// Numbers of the streams.
const [OPCODES, SIZES, LOCALS, GETS, SETS, INTS, LONGS, ALIGNS, OFFSETS, CALLS, INDIRECT, BRANCHES, TABLES, TYPES, GLOBALS, OTHERS, REST] =
  Array(17).keys();
const STREAMS = REST + 1;

const FLOATS = { 0x43: 4, 0x44: 8 }; // f32.const and f64.const, bytes
const BR_TABLE = 0x0e;
const PREFIX = 0xfc; // of two-part opcodes

/** For each opcode with operands, the streams of these. */
const operands = {
  0x02: [TYPES], 0x03: [TYPES], 0x04: [TYPES], 0x0c: [BRANCHES], 0x0d: [BRANCHES], 0x10: [CALLS], 0x11: [INDIRECT, INDIRECT],
  0x1c: [OTHERS, OTHERS], 0x20: [GETS], 0x21: [SETS], 0x22: [SETS], 0x23: [GLOBALS], 0x24: [GLOBALS], 0x25: [OTHERS], 0x26: [OTHERS],
  0x3f: [OTHERS], 0x40: [OTHERS], 0x41: [INTS], 0x42: [LONGS], 0xd0: [OTHERS], 0xd2: [OTHERS],
};
for (let access = 0x28; access <= 0x3e; access++) operands[access] = [ALIGNS, OFFSETS];

/** How many operands follow the second part of an opcode with a prefix: conversions have none. */
const others = part => [2, 1, 2, 1, 2, 1, 2, 1, 1, 1][part - 8] ?? 0;

/**
 * Goes through functions until `isOver`, and has every part moved: `bytes(stream, count)` moves bytes
 * and returns the first.
 */
function walk({ bytes, isOver, position }) {
  /** Moves a LEB128 number and returns it. */
  const number = stream => {
    let [value, shift, byte] = [0, 0, 128];
    for (; byte & 128; shift += 7) {
      byte = bytes(stream, 1);
      value |= (byte & 127) << shift;
    }
    return value;
  };
  while (!isOver()) {
    const size = number(SIZES);
    const end = position() + size;
    for (let left = number(LOCALS); left > 0; left--) {
      number(LOCALS);
      bytes(LOCALS, 1);
    }
    while (position() < end) {
      const opcode = bytes(OPCODES, 1);
      if (opcode === BR_TABLE) {
        for (let left = number(TABLES); left >= 0; left--) number(TABLES);
      } else if (opcode === PREFIX) {
        for (let left = others(number(OTHERS)); left > 0; left--) number(OTHERS);
      } else if (FLOATS[opcode]) {
        bytes(OTHERS, FLOATS[opcode]);
      } else {
        for (const stream of operands[opcode] ?? []) number(stream);
      }
    }
  }
}

/** The module whose streams these bytes hold, behind their lengths and the place of the code. */
export function together(sorted) {
  const head = new DataView(sorted.buffer, sorted.byteOffset);
  const [total, before] = [head.getUint32(0, true), head.getUint32(4, true)];
  const [at, ends] = [[], []];
  let start = 8 + 4 * STREAMS;
  for (let stream = 0; stream < STREAMS; stream++) {
    at.push(start);
    start += head.getUint32(8 + 4 * stream, true);
    ends.push(start);
  }
  const module = new Uint8Array(total);
  let to = 0;
  const bytes = (stream, count) => {
    const first = sorted[at[stream]];
    while (count-- > 0) module[to++] = sorted[at[stream]++];
    return first;
  };
  bytes(REST, before);
  walk({ bytes, isOver: () => at[SIZES] === ends[SIZES], position: () => to });
  bytes(REST, ends[REST] - at[REST]);
  return module;
}

/** The streams of a module, one behind the other; `code` and `end`: where its functions lie. */
export function apart(module, code, end) {
  const streams = Array.from({ length: STREAMS }, () => []);
  let from = code;
  const bytes = (stream, count) => {
    const first = module[from];
    while (count-- > 0) streams[stream].push(module[from++]);
    return first;
  };
  walk({ bytes, isOver: () => from >= end, position: () => from });
  streams[REST] = [...module.subarray(0, code), ...module.subarray(end)];
  const head = new DataView(new ArrayBuffer(8 + 4 * STREAMS));
  [module.length, code, ...streams.map(stream => stream.length)].forEach((value, index) => head.setUint32(4 * index, value, true));
  return Uint8Array.from([...new Uint8Array(head.buffer), ...streams.flat()]);
}
