// Puts functions that look alike next to each other: gzip finds what repeats only within 32 kB.
import binaryen from 'binaryen';
import { SECTION, sectionsOf, unsigned } from './constants.mjs';

/** The bodies of the functions of a module, as bytes. */
function bodiesOf(bytes) {
  const body = sectionsOf(bytes).find(({ id }) => id === SECTION.code)?.body;
  if (!body) return [];
  return Array.from({ length: body.unsigned() }, () => body.bytesOf(body.unsigned()));
}

/** How many functions a module imports. */
const importedFunctions = module => {
  let count = 0;
  for (let i = 0; i < module.getNumFunctions(); i++) if (binaryen.getFunctionInfo(module.getFunctionByIndex(i)).module) count++;
  return count;
};

const PIECE = 6; // bytes that must agree
const COMMON = 60; // pieces that more functions have say nothing

/** The pieces of a function, hashed. */
function piecesOf(body) {
  const pieces = new Set();
  for (let at = 0; at + PIECE <= body.length; at++) {
    let hash = 0;
    for (let next = at; next < at + PIECE; next++) hash = (Math.imul(hash, 0x01000193) ^ body[next]) >>> 0;
    pieces.add(hash);
  }
  return pieces;
}

/** An order in which each function follows the one it shares most with; without one, the longest that is left. */
function similarityOrder(bodies) {
  const pieces = bodies.map(piecesOf);
  const holders = new Map();
  pieces.forEach((own, index) => own.forEach(piece => {
    if (!holders.has(piece)) holders.set(piece, []);
    holders.get(piece).push(index);
  }));
  const byLength = [...bodies.keys()].sort((a, b) => bodies[b].length - bodies[a].length || a - b);
  const left = new Set(byLength);
  const order = [];
  let next = byLength[0];
  while (left.size) {
    left.delete(next);
    order.push(next);
    const shared = new Map();
    for (const piece of pieces[next]) {
      const others = holders.get(piece);
      if (others.length > COMMON) continue;
      for (const other of others) if (left.has(other)) shared.set(other, (shared.get(other) ?? 0) + 1);
    }
    let best = 0;
    next = left.values().next().value;
    for (const [other, count] of shared) {
      const score = count / Math.sqrt(pieces[other].size + 20);
      if (score > best) [best, next] = [score, other];
    }
  }
  return order;
}

/** The bytes of a module, its functions in an order that packs well. */
export function emitOrdered(module) {
  const bytes = Buffer.from(module.emitBinary());
  const imported = importedFunctions(module);
  const order = similarityOrder(bodiesOf(bytes));
  // binaryen sorts by name: here the place, in digits.
  const names = order.map((index, place) => [imported + index, String(place).padStart(6, '0')]).sort((a, b) => a[0] - b[0]);
  const entries = names.map(([index, name]) => Buffer.from([...unsigned(index), name.length, ...Buffer.from(name)]));
  const list = Buffer.concat([Buffer.from(unsigned(names.length)), ...entries]);
  const body = Buffer.concat([Buffer.from([4, ...Buffer.from('name'), 1, ...unsigned(list.length)]), list]);
  const sorted = binaryen.readBinary(Buffer.concat([bytes, Buffer.from([0, ...unsigned(body.length)]), body]));
  sorted.runPasses(['reorder-functions-by-name']);
  return Buffer.from(sorted.emitBinary());
}
