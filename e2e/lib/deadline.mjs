/** Deadlines for the commands to a browser's driver. A driver that hangs answers none of them, and says nothing about it. */

/** Milliseconds that a driver may take for one command. */
export const COMMAND_LIMIT = 60_000;

/**
 * Resolves as `promise` does. If that takes more than `limit` ms, it rejects with an error that begins with `what`, after
 * `kill()`.
 */
export async function within(limit, what, promise, kill) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => {
      kill();
      reject(new Error(`${what}: no answer within ${limit} ms; the browser is ended`));
    }, limit);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** The same object, with a deadline for each of its functions. Once one has missed it, all of them fail at once. */
export function withDeadlines(object, name, kill, limit = COMMAND_LIMIT) {
  let lost;
  const end = () => {
    lost = true;
    kill();
  };
  const limited = ([key, value]) => {
    if (typeof value !== 'function') return [key, value];
    const call = async (...args) => {
      if (lost) throw new Error(`${name} ${key}: the browser was ended`);
      return within(limit, `${name} ${key}`, value(...args), end);
    };
    return [key, call];
  };
  return Object.fromEntries(Object.entries(object).map(limited));
}
