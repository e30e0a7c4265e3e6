/**
 * The Chrome DevTools protocol over a WebSocket: commands, events, sessions. Keeps nothing that was not asked
 * for.
 */

import WebSocket from 'ws';

export class Connection {
  #socket;
  #next = 1;
  #open = new Map();
  #listeners = new Map();

  static async open(url) {
    const socket = new WebSocket(url, { maxPayload: 1 << 30, perMessageDeflate: false });
    await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
    return new Connection(socket);
  }

  constructor(socket) {
    this.#socket = socket;
    socket.on('message', (data) => this.#take(JSON.parse(data)));
    socket.on('close', () => {
      for (const { reject, method } of this.#open.values()) reject(new Error(`${method}: the browser has gone`));
      this.#open.clear();
    });
  }

  #take({ id, result, error, method, params, sessionId }) {
    if (id === undefined) {
      for (const listener of this.#listeners.get(`${sessionId ?? ''} ${method}`) ?? []) listener(params);
      return;
    }
    const waiting = this.#open.get(id);
    this.#open.delete(id);
    if (error) waiting?.reject(new Error(`${waiting.method}: ${error.message}`));
    else waiting?.resolve(result);
  }

  send(method, params = {}, sessionId) {
    const id = this.#next++;
    return new Promise((resolve, reject) => {
      this.#open.set(id, { resolve, reject, method });
      this.#socket.send(JSON.stringify({ id, method, params, sessionId }));
    });
  }

  on(method, listener, sessionId) {
    const key = `${sessionId ?? ''} ${method}`;
    this.#listeners.set(key, [...(this.#listeners.get(key) ?? []), listener]);
  }

  /** A target: a page or a worker. */
  session(sessionId) {
    return {
      send: (method, params) => this.send(method, params, sessionId),
      on: (method, listener) => this.on(method, listener, sessionId),
    };
  }

  close() {
    this.#socket.close();
  }
}

/** Evaluates an expression in a page, awaits its promise, and returns its value. */
export async function evaluate(session, expression) {
  const { result, exceptionDetails } = await session.send('Runtime.evaluate', {
    expression,
    awaitPromise: true,
    returnByValue: true,
  });
  if (exceptionDetails) {
    throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
  }
  return result.value;
}
