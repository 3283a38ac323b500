import { expect, test } from 'vitest';
import { buildKeywordIndex } from './build.ts';
import { KeywordIndex, sourceOf } from './keyword-index.ts';

test('codes of terms that rows have are with their postings, those of others in parts of their own', async () => {
  const codes = new Map(['kettle', 'kiln', 'lamp'].map((term, i) => [term, Uint8Array.of(i, i, i)]));
  const document = { title: '', headings: [], text: 'a lamp and a table', weight: 1, language: 'en', page: 0 };
  const parts = buildKeywordIndex([document], { codes });
  const read: string[] = [];
  const { codes: others, ...source } = sourceOf(parts);
  const index = new KeywordIndex(
    {
      ...source,
      codes: {
        firsts: others!.firsts,
        read: (n) => {
          read.push(others!.firsts[n]!);
          return others!.read(n);
        },
      },
    },
    { codeBytes: 3 },
  );
  expect(await index.code('lamp')).toEqual(codes.get('lamp'));
  expect(await index.code('table')).toBeNull();
  expect(read).toEqual([]);
  expect(await index.code('kiln')).toEqual(codes.get('kiln'));
  expect(await index.code('kite')).toBeNull();
  expect(await index.code('above')).toBeNull();
  expect(read).toEqual(['k']);
  expect((await index.search('kiln', { fuzzy: false })).words).toMatchObject([{ how: 'none' }]);
});

test('a word of which something is known is replaced by another spelling of it alone', async () => {
  const codes = new Map(
    Object.entries({ three: 1, threw: 2, color: 3, colour: 3 }).map(([term, means]) => [term, Uint8Array.of(means)]),
  );
  const document = { title: '', headings: [], text: 'three color bottles', weight: 1, language: 'en', page: 0 };
  const index = new KeywordIndex(sourceOf(buildKeywordIndex([document], { codes })), {
    codeBytes: 1,
    meansTheSame: ([code], [other]) => code === other,
  });
  const wordOf = async (text: string): Promise<unknown> => (await index.search(`${text} it`)).words[0];
  expect(await wordOf('threw')).toMatchObject({ how: 'none', terms: [] });
  expect(await wordOf('colour')).toMatchObject({ how: 'fuzzy', terms: ['color'] });
  // Nothing is known of these: they are misspelt.
  expect(await wordOf('thre')).toMatchObject({ how: 'fuzzy', terms: ['three'] });
  expect(await wordOf('bottels')).toMatchObject({ how: 'fuzzy', terms: ['bottles'] });
});
