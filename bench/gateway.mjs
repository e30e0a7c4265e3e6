/**
 * The gateway under the load of a thousand clients, and while its OCP is down. On loopback, limited in number
 * and time:
 *
 *     SERVER=target/release/ob-restore-tasks-server node bench/gateway.mjs [--clients 1000] [--seconds 120] [--cache 1]
 *
 * It starts the demo server with --require-auth as OCP, and the gateway in front of it. First h2load (Debian:
 * nghttp2-client) polls like that many clients, each every 10 s on its own connection, spread over ten
 * requests. Then clients that obey Retry-After go on polling while OCP is killed and, 30 s later, started
 * again.
 */

import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { Agent, get } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: {
    clients: { type: 'string', default: '1000' },
    seconds: { type: 'string', default: '120' },
    cache: { type: 'string', default: '1' },
  },
});
const [CLIENTS, SECONDS, CACHE] = [values.clients, values.seconds, values.cache].map(Number);
const SERVER = process.env.SERVER ?? 'target/release/ob-restore-tasks-server';
const KEYS = { OCP_ACCESS_KEY_ID: 'bench', OCP_ACCESS_KEY_SECRET: 'bench-secret' };
/** Seconds between two requests of a client. */
const EVERY = 10;
const OCP_PORT = 18471;
const CLUSTERS = [1000005, 1000009, 1000050, 1001240, 1010000];
const PATHS = CLUSTERS.flatMap((id) =>
  [1, 2].map((page) => `/api/v2/ob/clusters/${id}/backup/task/restoreTasks?page=${page}&size=20`),
);

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const percentile = (sorted, part) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))];

async function start(args) {
  const child = spawn(SERVER, args, { env: { ...process.env, ...KEYS, RUST_LOG: 'warn' }, stdio: ['ignore', 'pipe', 'inherit'] });
  process.once('exit', () => child.kill('SIGKILL'));
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const url = await new Promise((resolve, reject) => {
    createInterface({ input: child.stdout }).once('line', (line) => resolve(line.replace('listening on ', '')));
    child.once('error', reject);
    ended.then((code) => reject(new Error(`${args[0]} ended (${code})`)));
  });
  return { url, pid: child.pid, end: (signal = 'SIGTERM') => (child.kill(signal), ended) };
}

const startOcp = () => start(['demo', '--require-auth', '--faults', '--listen', `127.0.0.1:${OCP_PORT}`]);

async function rss(pid) {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+)/m.exec(status)[1]) / 1024;
}

/** The values of the metrics, by series and label. */
async function metrics(gateway) {
  const text = await (await fetch(`${gateway.url}/metrics`)).text();
  const found = {};
  for (const [, name, label, value] of text.matchAll(/^obrt_gateway_(\w+?)(?:\{[^}]*?="([^"]*)"\})? ([\d.]+)$/gm)) {
    found[label ? `${name}:${label}` : name] = Number(value);
  }
  return found;
}

/** Runs one h2load per request, so that all are sent all the time. */
async function poll(gateway) {
  const folder = await mkdtemp(join(tmpdir(), 'obrt-load-'));
  const each = Math.floor(CLIENTS / PATHS.length);
  const runs = PATHS.map((path, index) => {
    const log = join(folder, `${index}`);
    const line = ['--h1', '-t', '1', '-c', `${each}`, '-r', `${Math.ceil(each / EVERY)}`, '-n', `${(each * SECONDS) / EVERY}`];
    const child = spawn('h2load', [...line, '--rps', `${1 / EVERY}`, '--log-file', log, `${gateway.url}${path}`], {
      stdio: 'ignore',
    });
    return new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', () => resolve(readFile(log, 'utf8')));
    });
  });
  const most = { rss: 0, connections: 0, inFlight: 0 };
  let over = false;
  const watching = (async () => {
    while (!over) {
      const now = await metrics(gateway);
      most.rss = Math.max(most.rss, await rss(gateway.pid));
      most.connections = Math.max(most.connections, now.connections);
      most.inFlight = Math.max(most.inFlight, now.upstream_in_flight);
      await sleep(500);
    }
  })();
  const begin = Date.now();
  const lines = (await Promise.all(runs)).join('').trim().split('\n').map((line) => line.split('\t').map(Number));
  const took = (Date.now() - begin) / 1000;
  over = true;
  await watching;
  await rm(folder, { recursive: true });
  const times = lines.map(([, , micros]) => micros / 1000).sort((a, b) => a - b);
  return { took, most, times, errors: lines.filter(([, status]) => status !== 200).length };
}

/** A client that waits as Retry-After says, and otherwise asks every ten seconds. */
async function obey(gateway, index, until, note) {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const path = PATHS[index % PATHS.length];
  const ask = () =>
    new Promise((resolve) => {
      const request = get(`${gateway.url}${path}`, { agent }, (response) => {
        response.resume();
        response.once('end', () => resolve(response));
      });
      request.once('error', () => resolve({ statusCode: 0, headers: {} }));
    });
  await sleep((index / CLIENTS) * EVERY * 1000);
  while (Date.now() < until) {
    const { statusCode, headers } = await ask();
    note(statusCode);
    await sleep(1000 * Number(headers['retry-after'] ?? EVERY));
  }
  agent.destroy();
}

async function outage(gateway, ocp) {
  const begin = Date.now();
  const [dies, back, ends] = [20, 50, 80];
  const seconds = Array.from({ length: ends + EVERY + 1 }, () => ({}));
  let firstGood = null;
  let alive = true;
  const note = (status) => {
    const at = (Date.now() - begin) / 1000;
    const count = seconds[Math.min(seconds.length - 1, Math.floor(at))];
    count[status] = (count[status] ?? 0) + 1;
    if (at > back && alive && status === 200) firstGood ??= at;
  };
  const before = await metrics(gateway);
  const clients = Array.from({ length: CLIENTS }, (_, index) => obey(gateway, index, begin + ends * 1000, note));
  await sleep(begin + dies * 1000 - Date.now());
  alive = false;
  await ocp.end('SIGKILL');
  await sleep(begin + back * 1000 - Date.now());
  const down = await metrics(gateway);
  const again = await startOcp();
  const served = (Date.now() - begin) / 1000;
  alive = true;
  await Promise.all(clients);
  const log = await (await fetch(`${again.url}/faults/log`)).json();
  const perSecond = {};
  for (const { start } of log.requests) {
    const at = Math.floor((start - begin) / 1000);
    perSecond[at] = (perSecond[at] ?? 0) + 1;
  }
  const tried = (series) => (down[series] ?? 0) - (before[series] ?? 0);
  const sums = (from, to) => {
    const sum = {};
    for (const second of seconds.slice(from, to)) {
      for (const [status, n] of Object.entries(second)) sum[status] = (sum[status] ?? 0) + n;
    }
    return JSON.stringify(sum);
  };
  console.log(`clients before (${dies} s): ${sums(0, dies)}`);
  console.log(`while it is down (${back - dies} s): ${sums(dies, back)}`);
  console.log(`after it is back (${ends - back} s): ${sums(back, seconds.length)}`);
  console.log(`OCP is tried ${tried('upstream_requests_total:unreachable')} times while it is down`);
  console.log(`OCP serves again at ${served.toFixed(1)} s, the first answer came at ${firstGood?.toFixed(1)} s`);
  console.log(`requests that OCP gets each second then: ${JSON.stringify(perSecond)}, at most ${log.maxInFlight} at one time`);
  return again;
}

let ocp = await startOcp();
const gateway = await start(['gateway', '--upstream', ocp.url, '--auth', 'ak-sk', '--listen', '127.0.0.1:0', '--cache', `${CACHE}`]);
const rest = await rss(gateway.pid);
const before = await metrics(gateway);
const { took, most, times, errors } = await poll(gateway);
const after = await metrics(gateway);
const grown = (series) => (after[series] ?? 0) - (before[series] ?? 0);
const upstream = grown('upstream_requests_total:ok');
console.log(`${CLIENTS} clients, each every ${EVERY} s, ${PATHS.length} questions, --cache ${CACHE}, ${took.toFixed(0)} s`);
console.log(`answers ${times.length} (${(times.length / took).toFixed(0)}/s), errors ${errors}`);
console.log(`ms: median ${percentile(times, 0.5)?.toFixed(1)}, p99 ${percentile(times, 0.99)?.toFixed(1)}, most ${times.at(-1)?.toFixed(1)}`);
console.log(`to OCP ${upstream} (${(upstream / took).toFixed(2)}/s), of ${(PATHS.length / CACHE).toFixed(1)}/s that the cache allows`);
console.log(`hits ${grown('answers_total:hit')}, joined ${grown('answers_total:joined')}, at most ${most.inFlight} to OCP at one time`);
console.log(`memory ${rest.toFixed(1)} MiB at rest, at most ${most.rss.toFixed(1)} MiB with ${most.connections} connections`);
ocp = await outage(gateway, ocp);
console.log(`memory at the end ${(await rss(gateway.pid)).toFixed(1)} MiB`);
await gateway.end();
await ocp.end();
process.exit(0);
