/** Builds the pages for production into dist/: bundled, minified, tree-shaken, and compressed once. */

import { build } from 'esbuild';
import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';

const here = import.meta.dirname;
const out = join(here, 'dist');

async function buildPage(name) {
  const from = join(here, 'pages', name);
  const to = join(out, name);
  await mkdir(to, { recursive: true });
  await cp(join(from, 'index.html'), join(to, 'index.html'));
  const entry = ['main.jsx', 'main.js'].map((file) => join(from, file)).find(existsSync);
  await build({
    entryPoints: [entry],
    outdir: to,
    entryNames: 'main',
    assetNames: '[name]',
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    jsx: 'automatic',
    define: { 'process.env.NODE_ENV': '"production"' },
    loader: { '.wasm': 'file' },
    legalComments: 'none',
    logLevel: 'warning',
  });
}

/** Writes a `.br` of the best quality beside each file, as a production server has it. */
async function compress(folder) {
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || entry.name.endsWith('.br')) continue;
    const path = join(entry.parentPath ?? entry.path, entry.name);
    const bytes = await readFile(path);
    const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length };
    await writeFile(`${path}.br`, brotliCompressSync(bytes, { params }));
  }
}

/** Builds these pages or all of them, and copies the widget's built files from `widget`. */
export async function buildAll(widget, names) {
  await rm(out, { recursive: true, force: true });
  for (const name of names ?? (await readdir(join(here, 'pages')))) {
    if (name !== 'shared') await buildPage(name);
  }
  await cp(widget, join(out, 'dist'), { recursive: true });
  await compress(out);
  return out;
}

if (process.argv[1] === import.meta.filename) {
  const widget = process.env.DIST ?? join(here, '..', 'dist');
  console.log(await buildAll(widget));
}
