/**
 * The server of all pages: their files, compressed beforehand, and the API's answers from memory. It runs as
 * a process of its own, gets by messages which clusters to load, and keeps a list of the files that it
 * served.
 *
 * By hand: `node lib/serve.mjs http://127.0.0.1:8080 1100000`, then open the printed address with
 * `/vanilla/?cluster=1100000`.
 */

import { createServer } from 'node:http';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { extname, join, normalize } from 'node:path';
import { expectations } from './model.mjs';
import { Replay } from './replay.mjs';

const TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.wasm': 'application/wasm',
  '.bin': 'application/octet-stream',
};
const root = join(import.meta.dirname, '..', 'dist');
const replay = new Replay(process.argv[2]);
let served = [];

function serveFile(pathname, request, response) {
  let path = join(root, normalize(pathname));
  if (pathname.endsWith('/')) path = join(path, 'index.html');
  const type = TYPES[extname(path)];
  if (!type || !path.startsWith(root) || !existsSync(path)) {
    response.writeHead(404).end();
    return;
  }
  const packed = /\bbr\b/.test(request.headers['accept-encoding'] ?? '');
  const bytes = readFileSync(packed ? `${path}.br` : path);
  served.push({ path: path.slice(root.length), at: Date.now(), brotli: statSync(`${path}.br`).size });
  response.writeHead(200, {
    'content-type': type,
    'content-length': bytes.length,
    'cache-control': 'no-cache',
    ...(packed ? { 'content-encoding': 'br' } : {}),
  });
  response.end(bytes);
}

const server = createServer((request, response) => {
  const url = new URL(request.url, 'http://localhost');
  if (!replay.answer(url, response)) serveFile(url.pathname, request, response);
});

process.on('message', async ({ id, hold, expect, drop, forget, list }) => {
  let answer = null;
  try {
    if (hold) answer = await replay.hold(hold);
    if (expect) answer = expectations(replay.tasks(expect));
    if (drop) replay.drop(drop);
    if (forget) served = [];
    if (list) answer = served;
    process.send({ id, answer });
  } catch (error) {
    process.send({ id, error: String(error?.message ?? error) });
  }
});
process.on('disconnect', () => process.exit());

for (const cluster of process.argv.slice(3)) await replay.hold(cluster);
server.listen(0, '127.0.0.1', () => {
  const url = `http://127.0.0.1:${server.address().port}`;
  if (process.send) process.send({ url });
  else console.log(url);
});
