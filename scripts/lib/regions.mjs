// Regions of a function of a Wasm module that are run as a whole or not at all: the arms of an `if`,
// and what is left of a block after something that may leave it. Profile and split agree on them
// by their order.
import binaryen from 'binaryen';

const { Block, If, Loop, Break, Switch, Call, CallIndirect, LocalSet, GlobalSet, Load, Store, Unary, Binary, Select, Drop,
  Return, MemoryCopy, MemoryFill, MemoryGrow, TableGet, TableSet, TupleMake } = binaryen;

const childrenBy = new Map([
  [binaryen.BlockId, e => Block.getChildren(e)],
  [binaryen.IfId, e => [If.getCondition(e), If.getIfTrue(e), If.getIfFalse(e)]],
  [binaryen.LoopId, e => [Loop.getBody(e)]],
  [binaryen.BreakId, e => [Break.getValue(e), Break.getCondition(e)]],
  [binaryen.SwitchId, e => [Switch.getValue(e), Switch.getCondition(e)]],
  [binaryen.CallId, e => Call.getOperands(e)],
  [binaryen.CallIndirectId, e => [...CallIndirect.getOperands(e), CallIndirect.getTarget(e)]],
  [binaryen.LocalGetId, () => []],
  [binaryen.LocalSetId, e => [LocalSet.getValue(e)]],
  [binaryen.GlobalGetId, () => []],
  [binaryen.GlobalSetId, e => [GlobalSet.getValue(e)]],
  [binaryen.LoadId, e => [Load.getPtr(e)]],
  [binaryen.StoreId, e => [Store.getPtr(e), Store.getValue(e)]],
  [binaryen.ConstId, () => []],
  [binaryen.UnaryId, e => [Unary.getValue(e)]],
  [binaryen.BinaryId, e => [Binary.getLeft(e), Binary.getRight(e)]],
  [binaryen.SelectId, e => [Select.getIfTrue(e), Select.getIfFalse(e), Select.getCondition(e)]],
  [binaryen.DropId, e => [Drop.getValue(e)]],
  [binaryen.ReturnId, e => [Return.getValue(e)]],
  [binaryen.UnreachableId, () => []],
  [binaryen.NopId, () => []],
  [binaryen.MemoryCopyId, e => [MemoryCopy.getDest(e), MemoryCopy.getSource(e), MemoryCopy.getSize(e)]],
  [binaryen.MemoryFillId, e => [MemoryFill.getDest(e), MemoryFill.getValue(e), MemoryFill.getSize(e)]],
  [binaryen.MemoryGrowId, e => [MemoryGrow.getDelta(e)]],
  [binaryen.TableGetId, e => [TableGet.getIndex(e)]],
  [binaryen.TableSetId, e => [TableSet.getIndex(e), TableSet.getValue(e)]],
  [binaryen.TupleMakeId, e => TupleMake.getOperands(e)],
]);

/** The children of an expression in the order in which they run, or nothing for a kind that is not known here. */
export function childrenOf(expression) {
  return childrenBy.get(binaryen.getExpressionId(expression))?.(expression).filter(child => child);
}

const leaves = new Set([binaryen.BreakId, binaryen.SwitchId, binaryen.ReturnId]);

/**
 * The regions of a body, each `{ holder, at, items }`: `at` is 'true' or 'false' for an arm of the `if`
 * `holder`, else the place in the block `holder` from which it runs to the block's end.
 * None for a body with an expression of a kind that is not known here.
 */
export function regionsOf(body) {
  const found = [];
  let known = true;
  /** Whether something in it may leave it. */
  const visit = expression => {
    const id = binaryen.getExpressionId(expression);
    const children = childrenOf(expression);
    if (!children) { known = false; return true; }
    let mayLeave = leaves.has(id);
    if (id === binaryen.BlockId) {
      let left = false;
      children.forEach((child, at) => {
        if (left) found.push({ holder: expression, at, items: children.slice(at) });
        left = visit(child);
        mayLeave ||= left;
      });
    } else if (id === binaryen.IfId) {
      mayLeave = visit(If.getCondition(expression));
      for (const [at, arm] of [['true', If.getIfTrue(expression)], ['false', If.getIfFalse(expression)]]) {
        if (!arm) continue;
        found.push({ holder: expression, at, items: [arm] });
        mayLeave = visit(arm) || mayLeave;
      }
    } else {
      for (const child of children) mayLeave = visit(child) || mayLeave;
    }
    return mayLeave;
  };
  visit(body);
  return known ? found : [];
}

/** Puts an expression before a region; regions of one block from the last to the first. */
export function putBefore({ holder, at }, expression, module) {
  if (typeof at === 'number') return Block.insertChildAt(holder, at, expression);
  const [get, set] = at === 'true' ? [If.getIfTrue, If.setIfTrue] : [If.getIfFalse, If.setIfFalse];
  const arm = get(holder);
  set(holder, module.block(null, [expression, arm], binaryen.getExpressionType(arm)));
}
