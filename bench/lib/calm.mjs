/** How much of the processors others took meanwhile, from /proc: without calm, times say little. */

import { readdirSync, readFileSync } from 'node:fs';

/** Processor time by others above this part of all that there is spoils a run. */
export const LIMIT = 0.08;

function processes() {
  const all = new Map();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const text = readFileSync(`/proc/${name}/stat`, 'utf8');
      // The name stands in parentheses and may hold anything.
      const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
      const [parent, time] = [Number(fields[1]), fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0)];
      all.set(Number(name), { parent, time });
    } catch {
      // It ended just now.
    }
  }
  return all;
}

/** What this process and all below it have used, children that ended included. */
function own() {
  const all = processes();
  const isOwn = (id) => {
    for (let at = id; at > 1; at = all.get(at)?.parent ?? 0) if (at === process.pid) return true;
    return false;
  };
  let sum = 0;
  for (const [id, { time }] of all) if (isOwn(id)) sum += time;
  return sum;
}

function machine() {
  const line = readFileSync('/proc/stat', 'utf8').split('\n', 1)[0];
  const [user, nice, system, idle, wait, interrupt, soft, steal] = line.trim().split(/\s+/).slice(1).map(Number);
  const busy = user + nice + system + interrupt + soft + steal;
  return { busy, all: busy + idle + wait };
}

/** Begins to watch; the answer tells the part of the processors that others took since. */
export function watch() {
  const [before, ownBefore] = [machine(), own()];
  return () => {
    const [after, ownAfter] = [machine(), own()];
    const others = after.busy - before.busy - (ownAfter - ownBefore);
    return Math.max(0, others) / Math.max(1, after.all - before.all);
  };
}
