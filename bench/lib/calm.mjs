/**
 * How much processor time other processes took meanwhile, from /proc: with disturbance, times mean little.
 */

import { readdirSync, readFileSync } from 'node:fs';

/** A run is disturbed if others took more than this part of all processor time. */
export const LIMIT = 0.08;

function processes() {
  const all = new Map();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const text = readFileSync(`/proc/${name}/stat`, 'utf8');
      // The name is in parentheses and may contain anything.
      const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
      const [parent, time] = [Number(fields[1]), fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0)];
      all.set(Number(name), { parent, time });
    } catch {
      // The process has just ended.
    }
  }
  return all;
}

/** The processor time of this process and all its descendants, ended children included. */
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

/** Starts to watch. The result returns the part of the processor time that others took since then. */
export function watch() {
  const [before, ownBefore] = [machine(), own()];
  return () => {
    const [after, ownAfter] = [machine(), own()];
    const others = after.busy - before.busy - (ownAfter - ownBefore);
    return Math.max(0, others) / Math.max(1, after.all - before.all);
  };
}
