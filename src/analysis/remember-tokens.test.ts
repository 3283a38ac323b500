import { expect, test } from 'vitest';
import { describeAnalyzer } from './analyzer.contract.ts';
import { DEFAULT_ANALYZER } from './analyzers.ts';
import { rememberTokens } from './remember-tokens.ts';

describeAnalyzer(rememberTokens(DEFAULT_ANALYZER));

test('a text is cut once while it is among the last, and a very long one each time', () => {
  let cuts = 0;
  const analyzer = rememberTokens({
    ...DEFAULT_ANALYZER,
    tokens: (text) => {
      cuts++;
      return DEFAULT_ANALYZER.tokens(text);
    },
  });
  expect(analyzer.tokens('one text')).toBe(analyzer.tokens('one text'));
  expect(cuts).toBe(1);
  for (let i = 0; i < 256; i++) analyzer.tokens(`text ${String(i)}`);
  analyzer.tokens('one text');
  expect(cuts).toBe(258);
  const long = 'word '.repeat(1000);
  expect(analyzer.tokens(long)).toEqual(analyzer.tokens(long));
  expect(cuts).toBe(260);
});
