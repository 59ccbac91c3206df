// Packs a Wasm module into a file of the format LZMA alone, which editor/unpack.js reads.
import { Encoder } from '../../node_modules/lzma1/lib/encoder.js';
import { MODES } from '../../node_modules/lzma1/lib/lzma.js';
import { InputBuffer, OutputBuffer } from '../../node_modules/lzma1/lib/streams.js';

const STRONGEST = 9; // of LZMA's modes

/** Nothing in Wasm's code stands at even places, and much depends on the byte before: told so, LZMA saves a kilobyte. */
class CodeEncoder extends Encoder {
  configure(mode) {
    super.configure(mode);
    this._numLiteralContextBits = 4; // the library's own is 3
    this._posStateBits = 0; // and 2
    this._posStateMask = 0;
  }
}

/** The packed bytes of a module. */
export function pack(bytes) {
  const packed = new OutputBuffer(bytes.length);
  new CodeEncoder().compress(new InputBuffer(new Uint8Array(bytes)), packed, MODES[STRONGEST]);
  const { buffer, byteOffset, byteLength } = packed.toArray();
  return Buffer.from(buffer, byteOffset, byteLength);
}
