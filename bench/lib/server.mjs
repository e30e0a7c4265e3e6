/**
 * Starts the two servers: the companion server, which creates the data, and the server of the pages in front
 * of it.
 */

import { fork, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** @param {string} binary the companion server */
export async function startServer(binary) {
  const companion = spawn(binary, ['demo', '--listen', '127.0.0.1:0'], { stdio: ['ignore', 'pipe', 'ignore'] });
  process.once('exit', () => companion.kill('SIGKILL'));
  const upstream = await new Promise((resolve, reject) => {
    createInterface({ input: companion.stdout }).on('line', (line) => {
      const address = /^listening on (http\S+)/.exec(line)?.[1];
      if (address) resolve(address.replace(/\/$/, ''));
    });
    companion.once('error', reject);
    companion.once('exit', () => reject(new Error('the companion server ended')));
  });

  const child = fork(join(import.meta.dirname, 'serve.mjs'), [upstream]);
  const open = new Map();
  let next = 1;
  const url = await new Promise((resolve, reject) => {
    child.once('exit', () => reject(new Error('the server of the pages ended')));
    child.on('message', (message) => {
      if (message.url) return resolve(message.url);
      const waiting = open.get(message.id);
      open.delete(message.id);
      if (message.error) waiting?.reject(new Error(message.error));
      else waiting?.resolve(message.answer);
    });
  });
  return {
    url,
    upstream,
    /** Sends a command: `{hold}`, `{expect}`, `{drop}`, `{forget}` or `{list}`. */
    ask: (message) =>
      new Promise((resolve, reject) => {
        const id = next++;
        open.set(id, { resolve, reject });
        child.send({ id, ...message });
      }),
    async stop() {
      child.disconnect();
      companion.kill('SIGTERM');
    },
  };
}
