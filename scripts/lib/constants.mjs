// Which constants (statics, texts, tables) of a linked Wasm module are needed by some of its code, from the notes that
// the linker leaves with --emit-relocs: each place in code or data that holds the address of a constant.
// https://github.com/WebAssembly/tool-conventions/blob/main/Linking.md

/** Reads numbers and names of a Wasm binary. */
class Reader {
  constructor(bytes, at = 0, end = bytes.length) { Object.assign(this, { bytes, at, end }); }
  get more() { return this.at < this.end; }
  byte() { return this.bytes[this.at++]; }
  unsigned() {
    for (let value = 0, shift = 1; ; shift *= 128) {
      const byte = this.byte();
      value += (byte & 127) * shift;
      if (byte < 128) return value;
    }
  }
  signed() {
    for (let value = 0, shift = 1; ;) {
      const byte = this.byte();
      value += (byte & 127) * shift;
      shift *= 128;
      if (byte < 128) return byte & 64 ? value - shift : value;
    }
  }
  bytesOf(length) { return this.bytes.subarray(this.at, this.at += length); }
  name() { return Buffer.from(this.bytesOf(this.unsigned())).toString('utf8'); }
  part() { const length = this.unsigned(); const part = new Reader(this.bytes, this.at, this.at + length); this.at += length; return part; }
}

export const SECTION = { custom: 0, code: 10, data: 11, dataCount: 12 };

/** The sections of a module: `{ id, name, from, body }`. */
export function sectionsOf(bytes) {
  const reader = new Reader(bytes, 8);
  const sections = [];
  while (reader.more) {
    const from = reader.at;
    const id = reader.byte();
    const body = reader.part();
    const name = id === SECTION.custom ? body.name() : undefined;
    sections.push({ id, name, from, to: reader.at, body });
  }
  return sections;
}

/** The segments of a data section: `{ address, from, length }`, `from` the place in the file. */
export function segmentsOf(body) {
  const segments = [];
  for (let left = body.unsigned(); left > 0; left--) {
    body.unsigned(); // active, of the first memory
    body.byte(); // i32.const
    const address = body.signed();
    body.byte(); // end
    const length = body.unsigned();
    segments.push({ address, from: body.at, length });
    body.at += length;
  }
  return segments;
}

const NOTES = /^(linking|reloc\..*)$/;

/** A module without what the linker noted. */
export function withoutNotes(bytes) {
  const kept = sectionsOf(bytes).filter(({ name }) => !NOTES.test(name ?? ''));
  return Buffer.concat([bytes.subarray(0, 8), ...kept.map(({ from, to }) => bytes.subarray(from, to))]);
}

const DATA_SYMBOL = 1;
const SYMBOL_TABLE = 8;
const UNDEFINED = 0x10;
const EXPLICIT_NAME = 0x40;
const ADDRESS_RELOCATIONS = new Set([3, 4, 5, 11]);
const WITH_ADDEND = new Set([3, 4, 5, 8, 9, 11, 14, 15, 16, 17, 23]);

/** The symbols of the section `linking`; those of data with `address` and `size`. */
function symbolsOf(linking, segments) {
  linking.unsigned(); // version
  const symbols = [];
  while (linking.more) {
    const type = linking.byte();
    const part = linking.part();
    if (type !== SYMBOL_TABLE) continue;
    for (let left = part.unsigned(); left > 0; left--) {
      const kind = part.byte();
      const flags = part.unsigned();
      const symbol = {};
      if (kind === DATA_SYMBOL) {
        part.name();
        if (!(flags & UNDEFINED)) {
          const segment = part.unsigned();
          const offset = part.unsigned();
          const size = part.unsigned();
          if (segments[segment]) Object.assign(symbol, { address: segments[segment].address + offset, size });
        }
      } else {
        part.unsigned();
        if (kind !== 3 && (!(flags & UNDEFINED) || flags & EXPLICIT_NAME)) part.name();
      }
      symbols.push(symbol);
    }
  }
  return symbols;
}

/** The addresses in a section `reloc.…`: `{ place, symbol, addend }`, `place` counted from the section's start. */
function addressesOf(section) {
  section.unsigned(); // which section
  const found = [];
  for (let left = section.unsigned(); left > 0; left--) {
    const type = section.byte();
    const place = section.unsigned();
    const symbol = section.unsigned();
    const addend = WITH_ADDEND.has(type) ? section.signed() : 0;
    if (ADDRESS_RELOCATIONS.has(type)) found.push({ place, symbol, addend });
  }
  return found;
}

/**
 * The constants of a module that was linked with --emit-relocs; nothing for another. `neededBy(numbers)`: which bytes
 * are needed by code that holds some numbers, as `(address) => boolean`.
 */
export function constantsOf(linked) {
  const sections = sectionsOf(linked);
  const custom = name => sections.find(section => section.name === name)?.body;
  const data = sections.find(({ id }) => id === SECTION.data)?.body;
  if (!data || !custom('linking') || !custom('reloc.CODE') || !custom('reloc.DATA')) return undefined;
  const dataStart = data.at;
  const segments = segmentsOf(data);
  const symbols = symbolsOf(custom('linking'), segments);
  const known = symbols.filter(({ size }) => size > 0).sort((a, b) => a.address - b.address || b.size - a.size);

  // What code may hold: the addresses, each with the constants it stands for.
  const meant = new Map();
  for (const { symbol, addend } of addressesOf(custom('reloc.CODE'))) {
    const { address } = symbols[symbol];
    if (address === undefined) continue;
    const value = address + addend;
    if (!meant.has(value)) meant.set(value, new Set());
    meant.get(value).add(symbols[symbol]);
  }
  // Which constants hold addresses of which.
  const placeOf = place => {
    const at = dataStart + place;
    const segment = segments.find(({ from, length }) => at >= from && at < from + length);
    return segment.address + at - segment.from;
  };
  let furthest = 0;
  const reach = known.map(({ address, size }) => furthest = Math.max(furthest, address + size)); // of it and those before
  const inside = address => {
    let [low, high] = [0, known.length];
    while (low < high) { const middle = (low + high) >> 1; known[middle].address <= address ? low = middle + 1 : high = middle; }
    const found = [];
    for (let at = low - 1; at >= 0 && reach[at] >= address; at--) {
      if (address <= known[at].address + known[at].size) found.push(known[at]);
    }
    return found;
  };
  const holding = new Map();
  for (const { place, symbol } of addressesOf(custom('reloc.DATA'))) {
    for (const holder of inside(placeOf(place))) {
      if (!holding.has(holder)) holding.set(holder, new Set());
      holding.get(holder).add(symbols[symbol]);
    }
  }
  const [start, end] = [segments[0].address, segments.at(-1).address + segments.at(-1).length];
  return {
    neededBy(numbers) {
      const needed = new Set();
      const need = symbol => {
        if (!symbol.size || needed.has(symbol)) return;
        needed.add(symbol);
        holding.get(symbol)?.forEach(need);
      };
      for (const number of numbers) {
        if (meant.has(number)) meant.get(number).forEach(need);
        // An address that later passes have changed: whatever it may lie in.
        else if (number >= start && number <= end) inside(number).forEach(need);
      }
      const isKnown = new Uint8Array(end - start);
      const isNeeded = new Uint8Array(end - start);
      for (const { address, size } of known) isKnown.fill(1, address - start, address - start + size);
      for (const { address, size } of needed) isNeeded.fill(1, address - start, address - start + size);
      return address => !isKnown[address - start] || isNeeded[address - start] === 1;
    },
  };
}

const GAP = 10; // a new segment costs about as many bytes

/** A module whose memory is filled only where `isWanted(address)`. */
export function withConstants(bytes, isWanted) {
  const sections = sectionsOf(bytes);
  const data = sections.find(({ id }) => id === SECTION.data);
  if (!data) return bytes;
  const kept = [];
  for (const { address, from, length } of segmentsOf(data.body)) {
    let last; // the part that is open
    for (let at = 0; at < length; at++) {
      if (!isWanted(address + at)) continue;
      if (last && at - last.to <= GAP) last.to = at + 1;
      else kept.push(last = { address: address + at, origin: from, start: at, to: at + 1 });
    }
  }
  const parts = kept.map(({ address, origin, start, to }) => Buffer.concat([
    Buffer.from([0, 0x41, ...signed(address), 0x0b, ...unsigned(to - start)]), bytes.subarray(origin + start, origin + to),
  ]));
  const body = Buffer.concat([Buffer.from(unsigned(kept.length)), ...parts]);
  const out = [bytes.subarray(0, 8)];
  for (const { id, from, to } of sections) {
    if (id === SECTION.data) out.push(Buffer.from([SECTION.data, ...unsigned(body.length)]), body);
    else if (id === SECTION.dataCount) out.push(Buffer.from([SECTION.dataCount, unsigned(kept.length).length, ...unsigned(kept.length)]));
    else out.push(bytes.subarray(from, to));
  }
  return Buffer.concat(out);
}

/** A number as LEB128. */
export function unsigned(value) {
  const bytes = [];
  do {
    bytes.push((value & 127) | (value > 127 ? 128 : 0));
    value >>>= 7;
  } while (value);
  return bytes;
}

function signed(value) {
  const bytes = [];
  for (;;) {
    const byte = value & 127;
    value >>= 7;
    if ((value === 0 && !(byte & 64)) || (value === -1 && byte & 64)) return [...bytes, byte];
    bytes.push(byte | 128);
  }
}
