// Which locals of a function of a Wasm module are still read later.
import binaryen from 'binaryen';
import { childrenOf } from './regions.mjs';

const { Block, If, Loop, Break, Switch, LocalGet, LocalSet } = binaryen;

/** A set of locals: an array of their bits. */
const copy = set => set.slice();
function add(set, other) {
  let grew = false;
  other.forEach((bits, at) => {
    if (bits & ~set[at]) grew = true;
    set[at] |= bits;
  });
  return grew;
}

/** Whether a set holds a local. */
export const holds = (set, local) => (set[local >> 5] >>> (local & 31) & 1) === 1;

/**
 * For a body with `count` locals: `before(holder, at)` and `after(holder, at)` of a region (regions.mjs) and `at(label)`,
 * the locals that are read after that moment without having been set before.
 */
export function livenessOf(body, count) {
  const none = () => new Uint32Array((count + 31) >> 5);
  const labels = new Map();
  const regions = new Map();
  const note = (holder, at, before, after) => {
    if (!regions.has(holder)) regions.set(holder, new Map());
    regions.get(holder).set(at, { before: copy(before), after: copy(after) });
  };
  /** What is live before an expression, given what is live after it. */
  const visit = (expression, after) => {
    if (!expression) return after;
    const visitor = visitors.get(binaryen.getExpressionId(expression));
    return visitor ? visitor(expression, after) : childrenOf(expression).reduceRight((live, child) => visit(child, live), after);
  };
  const visitors = new Map([
    [binaryen.BlockId, (block, after) => {
      const name = Block.getName(block);
      if (name) labels.set(name, copy(after));
      const children = Block.getChildren(block);
      let live = after;
      for (let at = children.length - 1; at >= 0; at--) {
        live = visit(children[at], live);
        note(block, at, live, after);
      }
      return live;
    }],
    [binaryen.IfId, (choice, after) => {
      const live = none();
      for (const [at, arm] of [['true', If.getIfTrue(choice)], ['false', If.getIfFalse(choice)]]) {
        const before = visit(arm, copy(after));
        if (arm) note(choice, at, before, after);
        add(live, before);
      }
      return visit(If.getCondition(choice), live);
    }],
    [binaryen.LoopId, (loop, after) => {
      const name = Loop.getName(loop);
      const head = labels.get(name) ?? none(); // what an earlier round found still holds
      labels.set(name, head);
      for (;;) {
        const before = visit(Loop.getBody(loop), copy(after));
        if (!name || !add(head, before)) return copy(before);
      }
    }],
    [binaryen.BreakId, (jump, after) => {
      const live = copy(labels.get(Break.getName(jump)));
      if (Break.getCondition(jump)) add(live, after);
      return visit(Break.getValue(jump), visit(Break.getCondition(jump), live));
    }],
    [binaryen.SwitchId, jump => {
      const live = none();
      for (const name of [...Switch.getNames(jump), Switch.getDefaultName(jump)]) add(live, labels.get(name));
      return visit(Switch.getValue(jump), visit(Switch.getCondition(jump), live));
    }],
    [binaryen.ReturnId, jump => childrenOf(jump).reduceRight((live, child) => visit(child, live), none())],
    [binaryen.UnreachableId, () => none()],
    [binaryen.LocalGetId, (get, after) => {
      const live = copy(after);
      const index = LocalGet.getIndex(get);
      live[index >> 5] |= 1 << (index & 31);
      return live;
    }],
    [binaryen.LocalSetId, (set, after) => {
      const live = copy(after);
      const index = LocalSet.getIndex(set);
      live[index >> 5] &= ~(1 << (index & 31));
      return visit(LocalSet.getValue(set), live);
    }],
  ]);
  visit(body, none());
  return {
    before: (holder, at) => regions.get(holder).get(at).before,
    after: (holder, at) => regions.get(holder).get(at).after,
    at: label => labels.get(label),
  };
}
