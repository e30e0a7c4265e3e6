/**
 * Perspective: its engine in a worker, its viewer with the datagrid, the settings panel closed. A hidden
 * column contains the text that the filter searches.
 */

import perspective from '@perspective-dev/client';
import viewerModule from '@perspective-dev/viewer';
import '@perspective-dev/viewer-datagrid';
import '@perspective-dev/viewer/dist/css/pro.css';
import SERVER from '@perspective-dev/server/dist/wasm/perspective-server.wasm';
import CLIENT from '@perspective-dev/viewer/dist/wasm/perspective-viewer.wasm';
import { load } from '../shared/load.js';
import { showState } from '../shared/state.js';
import { COLUMNS, toRow } from '../shared/task.js';
import '../shared/page.css';

const TYPES = { number: 'integer', text: 'string', time: 'datetime', duration: 'string' };
const columns = COLUMNS.map(({ id }) => id);
const schema = { text: 'string' };
for (const { id, kind } of COLUMNS) schema[id] = kind === 'duration' ? 'float' : TYPES[kind];

const here = (name) => fetch(new URL(name, import.meta.url));
perspective.init_server(here(SERVER));
const viewer = document.querySelector('perspective-viewer');
const engine = viewerModule.init_client(here(CLIENT)).then(() => perspective.worker());
const ready = engine.then((client) => client.table(schema, { name: 'tasks' }));

let loaded = 0;
let total = 0;
let word = '';

async function count(view) {
  showState({ loaded, total, shown: await view.num_rows() });
}

/** Counts now, and after each change of the data until the viewer has another view. */
async function follow() {
  const view = await viewer.getView();
  await view.on_update(() => count(view).catch(() => {}));
  await count(view);
}

document.getElementById('filter').addEventListener('input', async (event) => {
  word = event.target.value.trim().toLowerCase();
  await viewer.restore({ filter: word ? [['text', 'contains', word]] : [] });
  await follow();
});

// Seconds with a fraction, because the engine has no type for durations.
const toSeconds = (row) => ({ ...row, duration: row.duration / 1000 });

let turn = Promise.resolve();
load((task) => toSeconds(toRow(task)), (rows, all) => {
  turn = turn.then(async () => {
    const table = await ready;
    await table.update(rows);
    const first = loaded === 0;
    loaded += rows.length;
    total = all;
    if (first) {
      await viewer.load(await engine);
      await viewer.restore({ table: 'tasks', plugin: 'Datagrid', columns, settings: false });
      await follow();
    }
  });
});
