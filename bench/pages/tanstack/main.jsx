/** React with TanStack Table (sorting, global filter) and TanStack Virtual, combined as in their guides. */

import { memo, useDeferredValue, useEffect, useRef, useState } from 'react';
import { createRoot } from 'react-dom/client';
import {
  columnFilteringFeature, columnVisibilityFeature, createColumnHelper, createFilteredRowModel, createSortedRowModel,
  globalFilteringFeature, rowSortingFeature, tableFeatures, useTable,
} from '@tanstack/react-table';
import { useVirtualizer } from '@tanstack/react-virtual';
import { load } from '../shared/load.js';
import { COLUMNS, compare, format, toRow } from '../shared/task.js';
import '../shared/page.css';

const HEIGHT = 32;
const WIDTHS = Object.fromEntries(COLUMNS.map(({ id, width }) => [id, width]));

const features = tableFeatures({
  columnFilteringFeature,
  columnVisibilityFeature,
  globalFilteringFeature,
  rowSortingFeature,
  filteredRowModel: createFilteredRowModel(),
  sortedRowModel: createSortedRowModel(),
});

const helper = createColumnHelper();
const columns = helper.columns([
  ...COLUMNS.map(({ id, title, kind }) =>
    helper.accessor((row) => row[id] ?? undefined, {
      id,
      header: title,
      cell: ({ getValue }) => format(kind, getValue() ?? null),
      sortFn: (a, b, column) => compare(a.getValue(column), b.getValue(column)),
      sortUndefined: 'last',
      sortDescFirst: false,
    }),
  ),
  // Hidden: the text that the filter searches.
  helper.accessor('text', { id: 'text' }),
]);

const globalFilterFn = (row, column, word) => row.getValue(column).includes(word);
const options = {
  features,
  columns,
  globalFilterFn,
  getColumnCanGlobalFilter: (column) => column.id === 'text',
  getRowId: (row) => String(row.id),
  initialState: { columnVisibility: { text: false } },
};
const noRows = [];

const Row = memo(function Row({ table, row, start }) {
  return (
    <div className="row" role="row" style={{ transform: `translateY(${start}px)` }}>
      {row.getVisibleCells().map((cell) => (
        <span key={cell.id} role="cell" style={{ width: WIDTHS[cell.column.id] }}>
          <table.FlexRender cell={cell} />
        </span>
      ))}
    </div>
  );
});

function Head({ table }) {
  return table.getHeaderGroups().map((group) => (
    <div className="head" role="row" key={group.id}>
      {group.headers.map((header) => (
        <button
          key={header.id}
          data-column={header.column.id}
          style={{ width: WIDTHS[header.column.id] }}
          onClick={header.column.getToggleSortingHandler()}
        >
          <table.FlexRender header={header} />
          {{ asc: ' ▲', desc: ' ▼' }[header.column.getIsSorted()]}
        </button>
      ))}
    </div>
  ));
}

function Body({ table, scroll }) {
  const { rows } = table.getRowModel();
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroll.current,
    estimateSize: () => HEIGHT,
    getItemKey: (index) => rows[index].id,
    overscan: 5,
  });
  return (
    <div style={{ height: virtualizer.getTotalSize(), position: 'relative' }}>
      {virtualizer.getVirtualItems().map((item) => (
        <Row key={item.key} table={table} row={rows[item.index]} start={item.start} />
      ))}
    </div>
  );
}

function App() {
  const [data, setData] = useState(noRows);
  const [total, setTotal] = useState(0);
  const [typed, setTyped] = useState('');
  const scroll = useRef(null);
  useEffect(() => {
    load(toRow, (rows, all) => {
      setTotal(all);
      setData((old) => [...old, ...rows]);
    });
  }, []);
  // Typing stays smooth while the rows follow.
  const word = useDeferredValue(typed.trim().toLowerCase());
  const table = useTable({ ...options, data });
  useEffect(() => table.setGlobalFilter(word), [table, word]);
  const shown = table.getRowModel().rows.length;
  return (
    <>
      <div className="bar">
        <input type="search" id="filter" placeholder="Filter" aria-label="Filter" value={typed} onChange={(event) => setTyped(event.target.value)} />
        <output id="state" data-loaded={data.length} data-total={total} data-shown={shown}>
          {shown} shown, {data.length} of {total} tasks
        </output>
      </div>
      <div className="scroll" role="table" ref={scroll}>
        <Head table={table} />
        <Body table={table} scroll={scroll} />
      </div>
    </>
  );
}

createRoot(document.getElementById('app')).render(<App />);
