import fc from 'fast-check';
import { expect, test } from 'vitest';
import { changeContent } from './change-content.ts';
import { collectRecords } from './collect-records.ts';
import type { CollectionRecord } from './records.ts';

const options = { countTokens: (text: string): number => text.split(' ').length, maxTokens: 4 };
const contentOf = (records: readonly CollectionRecord[]): ReturnType<typeof collectRecords>['content'] =>
  collectRecords(records, { ...options, mayBeEmpty: true }).content;

const NAMES = ['a', 'b', 'c', 'a.html', 'b.html', 'c.html'];
const nameOf = ({ id, url }: CollectionRecord): string => id ?? url!;
/** Records with ids or addresses, each name once. */
const records = fc.uniqueArray(
  fc
    .record({
      name: fc.constantFrom(...NAMES),
      content: fc.constantFrom('one', 'one two. three four five.', 'six seven eight. nine ten eleven twelve.'),
    })
    .map(({ name, content }): CollectionRecord =>
      name.endsWith('.html') ? { url: name, content } : { id: name, content },
    ),
  { selector: nameOf, maxLength: 6 },
);

test('what changes in a content is what changes in its records', () => {
  fc.assert(
    fc.property(records, records, fc.subarray(NAMES), (before, put, remove) => {
      const changed = new Map(before.map((record) => [nameOf(record), record]));
      for (const record of put) changed.set(nameOf(record), record);
      const left = [...changed.values()].filter((record) => !remove.includes(nameOf(record)));
      const content = changeContent(contentOf(before), contentOf(put), new Set(remove));
      expect(content).toEqual(contentOf(left));
    }),
  );
});

test('the filters that a search has by default stay', () => {
  const old = { ...contentOf([{ id: 'a', content: 'one' }]), defaultFilters: { version: ['2'] } };
  expect(changeContent(old, contentOf([{ id: 'b', content: 'two' }]), new Set()).defaultFilters).toEqual({
    version: ['2'],
  });
});
