/** What people copy from docs/ is what is tested. */

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { describe, test } from '../lib/test.mjs';

const ROOT = new URL('../../', import.meta.url);
const read = (path) => readFile(new URL(path, ROOT), 'utf8');

describe('docs/embedding.md', () => {
  test('shows the files of the hosts that are tested, word by word', async () => {
    const shown = [...(await read('docs/embedding.md')).matchAll(/<!-- (e2e\/hosts\/\S+) -->\n```\w+\n([\s\S]*?)\n```/g)];
    assert.ok(shown.length >= 7, `${shown.length} snippets`);
    for (const [, path, text] of shown) assert.equal(text, (await read(path)).trimEnd(), path);
  });
});
