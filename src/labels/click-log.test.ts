import { expect, test } from 'vitest';
import { parseClickLog } from './click-log.ts';

const CLICK = { query: 'q', passageId: 'a', rank: 2, source: 's' };

test('reads clicks, with times as numbers or dates, or without', () => {
  const lines = [CLICK, { ...CLICK, time: 5000 }, { ...CLICK, time: '1970-01-01T00:00:07Z' }, { ...CLICK, time: null }];
  expect(parseClickLog(`\uFEFF${lines.map((line) => JSON.stringify(line)).join('\r\n\r\n')}`)).toEqual([
    CLICK,
    { ...CLICK, atMs: 5000 },
    { ...CLICK, atMs: 7000 },
    CLICK,
  ]);
  expect(parseClickLog('')).toEqual([]);
});

test.each([
  ['not JSON', '{"query":'],
  ['no query', { ...CLICK, query: '  ' }],
  ['no passage', { ...CLICK, passageId: undefined }],
  ['a number as passage', { ...CLICK, passageId: 3 }],
  ['no source', { ...CLICK, source: '' }],
  ['no rank', { ...CLICK, rank: undefined }],
  ['a rank as text', { ...CLICK, rank: '2' }],
  ['rank 0', { ...CLICK, rank: 0 }],
  ['half a rank', { ...CLICK, rank: 1.5 }],
  ['a time that is no date', { ...CLICK, time: 'yesterday' }],
  ['a time that is a list', { ...CLICK, time: [1] }],
])('a line with %s is named by its number', (_, line) => {
  const text = `${JSON.stringify(CLICK)}\n\n${typeof line === 'string' ? line : JSON.stringify(line)}\n`;
  expect(() => parseClickLog(text)).toThrow(
    expect.objectContaining({ code: 'malformed-jsonl', details: { line: 3 } }) as Error,
  );
});
