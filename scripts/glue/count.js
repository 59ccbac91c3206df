
// Added to the glue of a counting module: tells each point of its code that is met for the first time, and those
// that are met often, by their numbers and by the same numbers below zero.
function withCount(imports) {
  const channel = new BroadcastChannel('readyz-count');
  let fresh = [];
  const hit = (point, isOften) => {
    if (fresh.push(isOften ? -1 - point : point) === 1) setTimeout(() => { channel.postMessage(fresh); fresh = []; });
  };
  return Object.assign(imports, { count: { hit } });
}
