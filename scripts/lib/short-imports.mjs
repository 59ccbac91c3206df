// wasm-bindgen names what its module imports after what it does and a hash: sixteen digits that do not
// compress, once in the module and once in the glue. Both get short names here.
import { sectionsOf, unsigned } from './constants.mjs';

const IMPORTS = 2; // the section's number
const FUNCTION = 0; // the kind of import

/** The module's bytes with short names for what it imports, and each name's short one. */
export function withShortImports(bytes) {
  const names = new Map();
  const section = sectionsOf(bytes).find(({ id }) => id === IMPORTS);
  if (!section) return { bytes, names };
  const { from, to, body } = section;
  const written = text => Buffer.from([...unsigned(Buffer.byteLength(text)), ...Buffer.from(text)]);
  const count = body.unsigned();
  const parts = [Buffer.from(unsigned(count))];
  for (let left = count; left > 0; left--) {
    const [module, long] = [body.name(), body.name()];
    if (body.byte() !== FUNCTION) throw new Error(`${long} is no function`);
    if (!names.has(long)) names.set(long, names.size.toString(36));
    parts.push(written(module), written(names.get(long)), Buffer.from([FUNCTION, ...unsigned(body.unsigned())]));
  }
  const imports = Buffer.concat(parts);
  const head = Buffer.from([IMPORTS, ...unsigned(imports.length)]);
  return { bytes: Buffer.concat([bytes.subarray(0, from), head, imports, bytes.subarray(to)]), names };
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
