/**
 * Starts WebKitGTK by its own driver, WebDriver's protocol being the way into a WebKit that a package of Debian offers.
 *
 * The environment names the driver: WEBKIT. It finds the browser that came with it. Where there is no display, Xvfb
 * makes one.
 */

import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { Builder } from 'selenium-webdriver';

/** How long the driver may take to answer for the first time. */
const PATIENCE = 30_000;

/**
 * Starts the driver, a display, and the browser in it.
 * @returns {Promise<{driver: import('selenium-webdriver').WebDriver, stop: () => Promise<void>}>}
 */
export async function startWebKit() {
  const children = [];
  const kill = () => children.forEach((child) => child.kill('SIGTERM'));
  process.once('exit', kill);
  const stop = () => {
    process.off('exit', kill);
    kill();
  };
  try {
    const display = process.env.DISPLAY ?? (await startDisplay(children));
    const port = await freePort();
    // No accessibility bus and no graphics card are on a test's machine; without these it would wait for them.
    const env = { ...process.env, DISPLAY: display, GDK_BACKEND: 'x11', NO_AT_BRIDGE: '1', LIBGL_ALWAYS_SOFTWARE: '1' };
    children.push(spawn(process.env.WEBKIT, [`--port=${port}`], { env, stdio: 'ignore' }));
    const address = `http://127.0.0.1:${port}`;
    await answers(address);
    const driver = await new Builder().usingServer(address).withCapabilities({ browserName: 'MiniBrowser' }).build();
    await driver.manage().setTimeouts({ script: 120_000, pageLoad: 60_000 });
    return {
      driver,
      async stop() {
        await driver.quit().catch(() => {});
        stop();
      },
    };
  } catch (error) {
    stop();
    throw error;
  }
}

/** A display of its own on a number that is free; it says which. */
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
  for (const start = Date.now(); Date.now() - start < PATIENCE; ) {
    const answer = await fetch(`${address}/status`).catch(() => null);
    if (answer?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`the driver of WebKit did not answer within ${PATIENCE} ms`);
}
