/** React with antd's Table: its virtual mode, its sorters, and an Input that filters the rows it is given. */

import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { createRoot } from 'react-dom/client';
import { Input, Table } from 'antd';
import { load } from '../shared/load.js';
import { COLUMNS, compare, format, toRow } from '../shared/task.js';
import '../shared/page.css';

const columns = COLUMNS.map(({ id, title, width, kind }) => ({
  key: id,
  dataIndex: id,
  title,
  width,
  ellipsis: true,
  sorter: (a, b) => compare(a[id], b[id]),
  showSorterTooltip: false,
  render: (value) => format(kind, value),
  onHeaderCell: () => ({ 'data-column': id }),
}));
const WIDTH = COLUMNS.reduce((sum, { width }) => sum + width, 0);
const noRows = [];

function App() {
  const [data, setData] = useState(noRows);
  const [total, setTotal] = useState(0);
  const [typed, setTyped] = useState('');
  const [height, setHeight] = useState(600);
  const grid = useRef(null);
  useLayoutEffect(() => setHeight(grid.current.clientHeight - 40), []);
  useEffect(() => {
    load(toRow, (rows, all) => {
      setTotal(all);
      setData((old) => [...old, ...rows]);
    });
  }, []);
  const word = typed.trim().toLowerCase();
  const shown = useMemo(() => (word ? data.filter((row) => row.text.includes(word)) : data), [data, word]);
  return (
    <>
      <div className="bar">
        <Input.Search id="filter" placeholder="Filter" value={typed} onChange={(event) => setTyped(event.target.value)} style={{ width: 280 }} />
        <output id="state" data-loaded={data.length} data-total={total} data-shown={shown.length}>
          {shown.length} shown, {data.length} of {total} tasks
        </output>
      </div>
      <div className="grid" ref={grid}>
        <Table
          virtual
          size="small"
          rowKey="id"
          columns={columns}
          dataSource={shown}
          pagination={false}
          scroll={{ x: WIDTH, y: height }}
        />
      </div>
    </>
  );
}

createRoot(document.getElementById('app')).render(<App />);
