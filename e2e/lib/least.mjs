/** Figures of a browser that come down by themselves: nodes, listeners and bytes of what is gone wait for its collector. */

/**
 * Counts again and again, and gives the least of each figure. It stops after `times` counts, or once the least `isEnough`.
 * @param {() => Promise<Record<string, number>>} count
 * @param {{times?: number, every?: number, isEnough?: (least: Record<string, number>) => boolean}} [options] `every` is in ms
 */
export async function least(count, { times = 5, every = 200, isEnough = () => false } = {}) {
  let low = await count();
  for (let n = 1; n < times && !isEnough(low); n++) {
    await new Promise((resolve) => setTimeout(resolve, every));
    const now = await count();
    low = Object.fromEntries(Object.entries(low).map(([name, value]) => [name, Math.min(value, now[name])]));
  }
  return low;
}
