// A list of results that follows the field: words answer while you type, meaning follows where a model is loaded.

import { Engine, isEraError } from '/lib/era-search.js'; // with a bundler: from 'era-search'

const field = /** @type {HTMLInputElement} */ (document.querySelector('input'));
const status = /** @type {HTMLElement} */ (document.querySelector('[role=status]'));
const list = /** @type {HTMLElement} */ (document.querySelector('ol'));

const engine = new Engine({ encoder: { modelBase: '/models/' } });
const opening = engine.open('era-search/');

let asked = new AbortController();
field.addEventListener('input', async () => {
  asked.abort(); // only the last question counts
  asked = new AbortController();
  const { signal } = asked;
  const text = field.value.trim();
  if (text === '') {
    list.replaceChildren();
    return;
  }
  try {
    const collection = await opening;
    for await (const answer of collection.search(text, { limit: 5, signal })) show(answer);
  } catch (error) {
    if (!signal.aborted) status.textContent = isEraError(error) ? error.hint : String(error);
  }
});

/** @param {import('era-search').Answer} answer */
function show({ pages, total, source }) {
  status.textContent = `${total} results by ${source.ranking === 'keyword' ? 'words' : 'words and meaning'}`;
  list.replaceChildren(
    ...pages.map(({ title, sections }) => {
      const item = document.createElement('li');
      const name = document.createElement('strong');
      name.textContent = title; // text, never HTML
      item.append(name, ' ', ...sections.flatMap(({ snippet }) => snippet.map(piece)));
      return item;
    }),
  );
}

/** @param {import('era-search').SnippetPiece} piece */
function piece({ text, mark: isMatch }) {
  if (!isMatch) return text;
  const mark = document.createElement('mark');
  mark.textContent = text;
  return mark;
}

await (await opening).download(); // the vectors too: searches go by meaning from now on
field.dispatchEvent(new Event('input'));
