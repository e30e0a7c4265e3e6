// The main thread's side of worker.js: one worker for all instances of the page, started with the first large page
// and ended when nothing has come for a while. Where no worker can be had (another origin, a strict policy), the
// main thread decodes by itself.

const IDLE_MS = 5_000;
/** Whoever is not ready by then is not waited for. */
const READY_MS = 5_000;

let worker;
let ready;
let idle;
let last = 0;
const waiting = new Map();

/** The columns of a page, its body where the worker could make nothing of it, or null where there is no worker. */
export async function decode(pieces, length, address, modules) {
  clearTimeout(idle);
  ready ??= begin(address, modules);
  if (!(await ready)) return null;
  const ticket = ++last;
  const answer = new Promise((resolve) => waiting.set(ticket, resolve));
  try {
    worker.postMessage({ ticket, pieces, length }, [...new Set(pieces.map((piece) => piece.buffer))]);
  } catch {
    // A host's own stream may hand out what cannot be given away.
    worker.postMessage({ ticket, pieces, length });
  }
  return answer;
}

function begin(address, modules) {
  return new Promise((resolve) => {
    const fail = () => {
      // Pages that are with the worker are lost, and asked for again; the next ones are decoded here.
      for (const answer of waiting.values()) answer(undefined);
      waiting.clear();
      worker?.terminate();
      worker = undefined;
      resolve(false);
      ready = Promise.resolve(false);
    };
    try {
      worker = new Worker(trusted(address.href), { type: "module" });
    } catch {
      return fail();
    }
    const late = setTimeout(fail, READY_MS);
    worker.onerror = worker.onmessageerror = fail;
    worker.onmessage = ({ data }) => {
      if ("ready" in data) clearTimeout(late);
      if ("ready" in data) return data.ready ? resolve(true) : fail();
      const answer = waiting.get(data.ticket);
      waiting.delete(data.ticket);
      answer?.(data.columns ? { columns: data.columns } : { body: data.body });
      clearTimeout(idle);
      if (waiting.size === 0) idle = setTimeout(end, IDLE_MS);
    };
    worker.postMessage(modules);
  });
}

function end() {
  worker?.terminate();
  worker = ready = undefined;
}

let policy;

/** Under `require-trusted-types-for 'script'` a worker's address has to be vouched for. */
function trusted(address) {
  policy ??= globalThis.trustedTypes?.createPolicy("ob-restore-tasks", { createScriptURL: (url) => url });
  return policy ? policy.createScriptURL(address) : address;
}
