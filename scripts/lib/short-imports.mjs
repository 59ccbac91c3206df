// wasm-bindgen names what its module imports after what it does and a hash: sixteen digits that do not
// compress, once in the module and once in the glue. Both get short names here.
const IMPORTS = 2; // the section's number
const FUNCTION = 0; // the kind of import

/** A number as Wasm writes it. */
function leb(number) {
  const bytes = [];
  for (; number > 127; number >>>= 7) bytes.push((number & 127) | 128);
  return Uint8Array.from([...bytes, number]);
}

/** The module's bytes with short names for what it imports, and each name's short one. */
export function withShortImports(bytes) {
  const names = new Map();
  let at = 8; // behind magic number and version
  const number = () => {
    for (let value = 0, shift = 0; ; shift += 7) {
      const byte = bytes[at++];
      value |= (byte & 127) << shift;
      if (byte < 128) return value >>> 0;
    }
  };
  const name = () => {
    const length = number();
    return Buffer.from(bytes.subarray(at, at += length)).toString();
  };
  const written = text => [leb(Buffer.byteLength(text)), Buffer.from(text)];
  while (at < bytes.length) {
    const start = at;
    const id = bytes[at++];
    const end = number() + at;
    if (id === IMPORTS) {
      const count = number();
      const parts = [leb(count)];
      for (let index = 0; index < count; index++) {
        const [from, long] = [name(), name()];
        if (bytes[at++] !== FUNCTION) throw new Error(`${long} is no function`);
        if (!names.has(long)) names.set(long, names.size.toString(36));
        parts.push(...written(from), ...written(names.get(long)), Uint8Array.of(FUNCTION), leb(number()));
      }
      const section = Buffer.concat(parts);
      const before = [bytes.subarray(0, start), Uint8Array.of(IMPORTS), leb(section.length), section];
      return { bytes: Buffer.concat([...before, bytes.subarray(end)]), names };
    }
    at = end;
  }
  return { bytes, names };
}

/** The glue that answers to the short names. */
export function glueFor(names, glue) {
  let renamed = 0;
  const text = glue.replace(/^( +)(\w+): function/gm, (whole, space, name) => {
    if (!names.has(name)) return whole;
    renamed++;
    return `${space}'${names.get(name)}': function`;
  });
  if (renamed !== names.size) throw new Error(`the glue of wasm-bindgen looks different now: ${renamed} of ${names.size} imports are in it.`);
  return text;
}
