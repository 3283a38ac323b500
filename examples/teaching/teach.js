// Learns from ten labelled queries in the page, and shows the first result of each before and after. The adapter stays in
// this browser; `exportAdapter` gives the file that `era-search index --adapter FILE` publishes for all visitors.

import { Engine } from '/lib/era-search.js'; // with a bundler: from 'era-search'

const button = /** @type {HTMLButtonElement} */ (document.querySelector('button'));
const status = /** @type {HTMLElement} */ (document.querySelector('[role=status]'));
const table = /** @type {HTMLElement} */ (document.querySelector('tbody'));

/** @type {import('era-search').LabelledQuery[]} */
const labels = await (await fetch('../labels.json')).json();
const engine = new Engine({ encoder: { modelBase: '/models/' } });
const collection = await engine.open('era-search/');
await collection.download();
await collection.revert('none'); // what an earlier visit has learned
await engine.warmUp();
status.textContent = 'Ready.';
button.disabled = false;

button.addEventListener('click', async () => {
  button.disabled = true;
  await collection.revert('none');
  const before = await firsts();
  const { local } = await collection.adapt(labels, { force: true }); // ten are too few for a proof
  const after = await firsts();
  status.textContent = local?.note ?? '';
  table.replaceChildren(...labels.map(({ query }, i) => row([query, before[i], after[i]])));
  button.disabled = false;
});

/** @returns the title of the first result of each query, by vectors alone */
async function firsts() {
  const titles = [];
  for (const { query } of labels) {
    const { pages } = await collection.search(query, { mode: 'dense', limit: 1 }).best();
    titles.push(pages[0].title);
  }
  return titles;
}

/** @param {string[]} cells */
function row(cells) {
  const line = document.createElement('tr');
  line.append(
    ...cells.map((text) => {
      const cell = document.createElement('td');
      cell.textContent = text;
      return cell;
    }),
  );
  return line;
}
