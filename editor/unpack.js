// Unpacks the first Wasm module. Servers of static files pack with gzip at best; LZMA over sorted code
// makes it a quarter smaller. Only the decoder is wanted: the library's entry would bring its encoder along.
import { Decoder } from '../node_modules/lzma1/lib/decoder.js';
import { InputBuffer, OutputBuffer } from '../node_modules/lzma1/lib/streams.js';
import { together } from './code-streams.js';

const SIZE_AT = 5; // in the header, 64 bits of which 32 are enough

/** The module that was packed into a file of the format LZMA alone. */
export function unpack(packed) {
  const size = new DataView(packed).getUint32(SIZE_AT, true);
  const output = new OutputBuffer(size);
  new Decoder().decompress(new InputBuffer(new Uint8Array(packed)), output);
  return together(output.toArray());
}
