// Packs a Wasm module into a file of the format LZMA alone, which editor/unpack.js reads.
import { apart, together } from '../../editor/code-streams.js';
import { Encoder } from '../../node_modules/lzma1/lib/encoder.js';
import { MODES } from '../../node_modules/lzma1/lib/lzma.js';
import { InputBuffer, OutputBuffer } from '../../node_modules/lzma1/lib/streams.js';
import { SECTION, sectionsOf } from './constants.mjs';
import { fail } from './toolbox.mjs';

const STRONGEST = 9; // of LZMA's modes

/** Nothing in the streams of Wasm's code stands at even places: told so, LZMA saves a kilobyte. */
class CodeEncoder extends Encoder {
  configure(mode) {
    super.configure(mode);
    this._numLiteralContextBits = 2; // the library's own is 3
    this._posStateBits = 0; // and 2
    this._posStateMask = 0;
  }
}

/** The packed bytes of a module. */
export function pack(bytes) {
  const module = new Uint8Array(bytes);
  const { body, to } = sectionsOf(bytes).find(({ id }) => id === SECTION.code);
  body.unsigned(); // how many functions there are
  const sorted = apart(module, body.at, to);
  if (!Buffer.from(together(sorted)).equals(Buffer.from(module))) {
    fail('the Wasm module has instructions that editor/code-streams.js does not know: teach it their operands.');
  }
  const packed = new OutputBuffer(sorted.length);
  new CodeEncoder().compress(new InputBuffer(sorted), packed, MODES[STRONGEST]);
  const { buffer, byteOffset, byteLength } = packed.toArray();
  return Buffer.from(buffer, byteOffset, byteLength);
}
