// The main thread's side of worker.js. One worker serves all instances of the page. It starts with the first
// large page and ends after a while without work. Where no worker is possible (another origin, a strict
// content security policy), the main thread decodes.

const IDLE_MS = 5_000;
/** Time for the worker to start, in milliseconds. After that, the main thread decodes. */
const READY_MS = 5_000;

let worker;
let ready;
let idle;
let last = 0;
const waiting = new Map();

/**
 * Resolves to `{columns}`, to `{body}` if the worker could not decode it, to `undefined` if the worker ended
 * and the body is lost, or to `null` if there is no worker.
 */
export async function decode(pieces, length, address, modules) {
  clearTimeout(idle);
  ready ??= begin(address, modules);
  if (!(await ready)) return null;
  const ticket = ++last;
  const answer = new Promise((resolve) => waiting.set(ticket, resolve));
  try {
    worker.postMessage({ ticket, pieces, length }, [...new Set(pieces.map((piece) => piece.buffer))]);
  } catch {
    // A host's own stream may produce buffers that cannot be transferred; they are copied.
    worker.postMessage({ ticket, pieces, length });
  }
  return answer;
}

function begin(address, modules) {
  return new Promise((resolve) => {
    const fail = () => {
      // The pages in the worker are lost and will be requested again; the next ones are decoded on this
      // thread.
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

/** Under `require-trusted-types-for 'script'` the URL of a worker must be a trusted one. */
function trusted(address) {
  policy ??= globalThis.trustedTypes?.createPolicy("ob-restore-tasks", { createScriptURL: (url) => url });
  return policy ? policy.createScriptURL(address) : address;
}
