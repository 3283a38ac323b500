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
  expect(read).toEqual(['kettle']);
  expect((await index.search('kiln', { fuzzy: false })).words).toMatchObject([{ how: 'none' }]);
});
