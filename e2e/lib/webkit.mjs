/**
 * Starts WebKitGTK through its own WebDriver: Debian's packages offer no other way to drive a WebKit.
 *
 * The environment names the driver: WEBKIT. The driver finds the browser of the same package. Without a display, Xvfb
 * provides one.
 */

import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { Builder } from 'selenium-webdriver';
import { within } from './deadline.mjs';

/** Milliseconds until the driver answers for the first time. */
const START_LIMIT = 30_000;
/** Milliseconds until the driver has ended its session. */
const STOP_LIMIT = 10_000;

/**
 * Starts the driver, a display, and the browser on it.
 * @returns {Promise<{driver: import('selenium-webdriver').WebDriver, stop: () => Promise<void>, kill: () => void}>}
 *   `kill` ends the processes at once
 */
export async function startWebKit() {
  const children = [];
  const end = (signal) => children.forEach((child) => child.kill(signal));
  const kill = () => end('SIGKILL');
  process.once('exit', kill);
  const stop = () => {
    process.off('exit', kill);
    end('SIGTERM');
  };
  try {
    const display = process.env.DISPLAY ?? (await startDisplay(children));
    const port = await freePort();
    // A test machine has no accessibility bus and no graphics card; without these variables WebKit would wait for them.
    const env = { ...process.env, DISPLAY: display, GDK_BACKEND: 'x11', NO_AT_BRIDGE: '1', LIBGL_ALWAYS_SOFTWARE: '1' };
    children.push(spawn(process.env.WEBKIT, [`--port=${port}`], { env, stdio: 'ignore' }));
    const address = `http://127.0.0.1:${port}`;
    await answers(address);
    const building = new Builder().usingServer(address).withCapabilities({ browserName: 'MiniBrowser' }).build();
    const driver = await within(START_LIMIT, 'WebKit starts', building, kill);
    // Shorter than the deadline of a command, so that a slow script ends with an error of its own.
    await driver.manage().setTimeouts({ script: 50_000, pageLoad: 50_000 });
    return {
      driver,
      kill,
      async stop() {
        await within(STOP_LIMIT, 'WebKit stops', driver.quit(), kill).catch(() => {});
        stop();
      },
    };
  } catch (error) {
    stop();
    throw error;
  }
}

/** Starts a display on a free number and resolves with its name, such as `:1`. */
function startDisplay(children) {
  const args = ['-displayfd', '3', '-screen', '0', '1920x1400x24', '-nolisten', 'tcp'];
  const child = spawn('Xvfb', args, { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] });
  children.push(child);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`Xvfb ended (${code})`)));
    child.stdio[3].once('data', (chunk) => resolve(`:${String(chunk).trim()}`));
  });
}

function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

async function answers(address) {
  for (const start = Date.now(); Date.now() - start < START_LIMIT; ) {
    const answer = await fetch(`${address}/status`).catch(() => null);
    if (answer?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`the driver of WebKit did not answer within ${START_LIMIT} ms`);
}
