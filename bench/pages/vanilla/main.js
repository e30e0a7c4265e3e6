/**
 * The practical limit: a table written by hand, without a library. Rows are objects, the view is an array of
 * row numbers, about fifty elements are reused as the table scrolls, and sorting counts the ranks of distinct
 * values.
 */

import { load } from '../shared/load.js';
import { showState } from '../shared/state.js';
import { COLUMNS, compare, format, toRow } from '../shared/task.js';
import '../shared/page.css';

const HEIGHT = 32;
const scroll = document.querySelector('.scroll');
const head = document.createElement('div');
const space = document.createElement('div');
head.className = 'head';
scroll.append(head, space);

const rows = [];
let total = 0;
let view = []; // row numbers
let order = null; // all row numbers in sorted order, or null: as they came
let sort = null; // {column, descending}
let word = '';

for (const { id, title, width } of COLUMNS) {
  const button = document.createElement('button');
  button.textContent = title;
  button.style.width = `${width}px`;
  button.dataset.column = id;
  button.addEventListener('click', () => {
    if (sort?.column !== id) sort = { column: id, descending: false };
    else sort = sort.descending ? null : { column: id, descending: true };
    for (const each of head.children) each.removeAttribute('aria-sort');
    if (sort) button.setAttribute('aria-sort', sort.descending ? 'descending' : 'ascending');
    arrange();
    update();
  });
  head.append(button);
}

/** Computes the order: a counting sort by the rank of each distinct value, so that ties keep their order. */
function arrange() {
  order = null;
  if (!sort) return;
  const { column, descending } = sort;
  const ranks = new Map();
  for (const row of rows) ranks.set(row[column], 0);
  const distinct = [...ranks.keys()].sort(compare);
  if (descending) distinct.reverse();
  distinct.forEach((value, rank) => ranks.set(value, rank));
  const starts = new Uint32Array(distinct.length + 1);
  const rankOf = Uint32Array.from(rows, (row) => ranks.get(row[column]));
  for (const rank of rankOf) starts[rank + 1]++;
  for (let i = 1; i < starts.length; i++) starts[i] += starts[i - 1];
  order = new Uint32Array(rows.length);
  for (let i = 0; i < rankOf.length; i++) order[starts[rankOf[i]]++] = i;
}

/** Computes the view and draws it. */
function update() {
  const found = [];
  for (let i = 0; i < rows.length; i++) {
    const number = order ? order[i] : i;
    if (word === '' || rows[number].text.includes(word)) found.push(number);
  }
  view = found;
  space.style.height = `${view.length * HEIGHT}px`;
  showState({ loaded: rows.length, total, shown: view.length });
  draw();
}

const pool = [];

function element(index) {
  if (pool[index]) return pool[index];
  const row = document.createElement('div');
  row.className = 'row';
  for (const { width } of COLUMNS) {
    const cell = document.createElement('span');
    cell.style.width = `${width}px`;
    cell.append('');
    row.append(cell);
  }
  space.append(row);
  return (pool[index] = row);
}

/** Fills the elements with the visible rows. An element keeps its row as long as the row stays visible. */
function draw() {
  const count = Math.ceil(scroll.clientHeight / HEIGHT) + 10;
  const first = Math.max(0, Math.floor(scroll.scrollTop / HEIGHT) - 5);
  for (let i = first; i < first + count; i++) {
    const row = element(i % count);
    const task = rows[view[i]];
    row.hidden = task === undefined;
    if (task === undefined || (row.task === task && row.index === i)) continue;
    if (row.index !== i) row.style.transform = `translateY(${i * HEIGHT}px)`;
    row.index = i;
    if (row.task === task) continue;
    row.task = task;
    for (let c = 0; c < COLUMNS.length; c++) {
      row.children[c].firstChild.data = format(COLUMNS[c].kind, task[COLUMNS[c].id]);
    }
  }
}

scroll.addEventListener('scroll', draw, { passive: true });
document.getElementById('filter').addEventListener('input', (event) => {
  word = event.target.value.trim().toLowerCase();
  scroll.scrollTop = 0;
  update();
});

load(toRow, (more, all) => {
  total = all;
  for (const row of more) rows.push(row);
  arrange();
  update();
});
