/**
 * Builds every host for production with the package as its users get it: `PACKAGE=TARBALL node build.mjs [HOST…]`.
 * Each host's packages come from npm when its lock file has changed, and it is built when its files or the package have.
 * The host in Rust has the crate by its path instead; `cargo xtask test` builds it.
 */

import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const HERE = dirname(fileURLToPath(import.meta.url));
const NAME = 'ob-restore-tasks';
/** Beside a host's packages: what its dist/ was made of. */
const STAMP = '.hosts-built';
/** In what each host is written, as its packages are called; the first one is the framework. */
const SAID = ['@angular/core', 'react', 'vue', 'svelte', 'webpack', 'vite'];

const tarball = process.env.PACKAGE && resolve(process.env.PACKAGE);
if (!tarball || !existsSync(tarball)) {
  console.error('PACKAGE must name the tarball that `cargo xtask package` made');
  process.exit(2);
}

/** Runs a program, and shows what it says only if it fails. */
function run(cwd, program, ...args) {
  try {
    return execFileSync(program, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  } catch (error) {
    throw new Error(`${program} ${args.join(' ')}\n${error.stdout ?? ''}${error.stderr ?? error.message}`);
  }
}

function unpack(to) {
  rmSync(to, { recursive: true, force: true });
  mkdirSync(to, { recursive: true });
  run(to, 'tar', '-xzf', tarball, '--strip-components=1');
}

const timed = (work) => {
  const start = performance.now();
  const done = work();
  return done === false ? 'kept' : `${((performance.now() - start) / 1000).toFixed(1)} s`;
};

function install(dir) {
  const wanted = readFileSync(join(dir, 'package-lock.json'), 'utf8');
  const stamp = join(dir, 'node_modules', '.hosts-lock');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return false;
  run(dir, 'npm', 'ci', '--ignore-scripts', '--no-audit', '--no-fund');
  writeFileSync(stamp, wanted);
}

/** What a host's dist/ is made of: the package, and the host's own files. */
function ingredients(dir) {
  const hash = createHash('sha256').update(readFileSync(tarball)).update(readFileSync(fileURLToPath(import.meta.url)));
  const add = (folder) => {
    for (const entry of readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
      if (['node_modules', 'dist', STAMP].includes(entry.name)) continue;
      const path = join(folder, entry.name);
      if (entry.isDirectory()) add(path);
      else hash.update(`${path}\n`).update(readFileSync(path));
    }
  };
  add(dir);
  return hash.digest('hex');
}

/** Makes a host's dist/, unless it is there already, made of just this. */
function make(dir, how) {
  const stamp = join(dir, 'node_modules', STAMP);
  const wanted = ingredients(dir);
  if (existsSync(join(dir, 'dist')) && existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return false;
  how(dir);
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, wanted);
}

function build(dir) {
  unpack(join(dir, 'node_modules', NAME));
  if (existsSync(join(dir, 'tsconfig.json'))) run(dir, join(dir, 'node_modules', '.bin', 'tsc'), '--noEmit');
  rmSync(join(dir, 'dist'), { recursive: true, force: true });
  run(dir, 'npm', 'run', '--silent', 'build');
}

/** No tools at all: files side by side. */
function copy(dir) {
  const dist = join(dir, 'dist');
  rmSync(dist, { recursive: true, force: true });
  for (const name of readdirSync(dir).filter((name) => name !== 'node_modules')) cpSync(join(dir, name), join(dist, name));
  unpack(join(dist, NAME));
  unpack(join(dist, 'another-version'));
  const page = readFileSync(join(dist, 'index.html'), 'utf8');
  const controls = '  <script type="module" src="./controls.js"></script>\n  </body>';
  writeFileSync(join(dist, 'index.html'), page.replace('</body>', controls));
}

function versions(dir) {
  const { devDependencies } = JSON.parse(readFileSync(join(dir, 'package.json'), 'utf8'));
  return SAID.filter((name) => name in devDependencies).map((name) => {
    const { version } = JSON.parse(readFileSync(join(dir, 'node_modules', name, 'package.json'), 'utf8'));
    return `${name} ${version}`;
  });
}

const all = readdirSync(HERE, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && entry.name !== 'node_modules')
  .map(({ name }) => name);
let failed = false;
for (const host of process.argv.length > 2 ? process.argv.slice(2) : all) {
  const dir = join(HERE, host);
  try {
    if (existsSync(join(dir, 'package.json'))) {
      const installed = timed(() => install(dir));
      const built = timed(() => make(dir, build));
      console.log(`${host}: ${versions(dir).join(', ')} (packages ${installed}, build ${built})`);
    } else if (!existsSync(join(dir, 'Cargo.toml'))) {
      console.log(`${host}: no framework, no tools (${timed(() => make(dir, copy))})`);
    }
  } catch (error) {
    failed = true;
    console.error(`${host} FAILED: ${error.message}`);
  }
}
process.exitCode = failed ? 1 : 0;
