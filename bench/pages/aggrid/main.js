/**
 * AG Grid Community in plain JavaScript, with the modules that the job needs: client-side rows and the
 * quick filter.
 */

import {
  ClientSideRowModelApiModule, ClientSideRowModelModule, ModuleRegistry, QuickFilterModule, RowApiModule, createGrid,
  themeQuartz,
} from 'ag-grid-community';
import { load } from '../shared/load.js';
import { showState } from '../shared/state.js';
import { COLUMNS, compare, format, toRow } from '../shared/task.js';
import '../shared/page.css';

ModuleRegistry.registerModules([ClientSideRowModelModule, ClientSideRowModelApiModule, QuickFilterModule, RowApiModule]);

let loaded = 0;
let total = 0;

const columnDefs = [
  ...COLUMNS.map(({ id, title, width, kind }) => ({
    field: id,
    headerName: title,
    width,
    comparator: compare,
    valueFormatter: ({ value }) => format(kind, value),
    getQuickFilterText: () => '',
  })),
  // Hidden: the text that the filter searches.
  { field: 'text', hide: true, getQuickFilterText: ({ value }) => value },
];

const grid = createGrid(document.querySelector('.grid'), {
  theme: themeQuartz,
  columnDefs,
  rowHeight: 32,
  getRowId: ({ data }) => String(data.id),
  includeHiddenColumnsInQuickFilter: true,
  cacheQuickFilter: true,
  onModelUpdated: ({ api }) => showState({ loaded, total, shown: api.getDisplayedRowCount() }),
});

document.getElementById('filter').addEventListener('input', (event) => {
  grid.setGridOption('quickFilterText', event.target.value.trim());
});

load(toRow, (rows, all) => {
  loaded += rows.length;
  total = all;
  if (loaded === rows.length) grid.setGridOption('rowData', rows);
  else grid.applyTransaction({ add: rows });
});
