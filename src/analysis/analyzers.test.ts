import { describe, expect, test } from 'vitest';
import { isEraError } from '../errors.ts';
import { analyzerId } from './analyzer.ts';
import { describeAnalyzer } from './analyzer.contract.ts';
import { analyzersFor, analyzersOf, DEFAULT_ANALYZER, LANGUAGE_ANALYZERS } from './analyzers.ts';

describeAnalyzer(DEFAULT_ANALYZER);
for (const { load } of LANGUAGE_ANALYZERS) describeAnalyzer(await load(DEFAULT_ANALYZER), 20_000);
describeAnalyzer(
  { ...(await analyzersFor(LANGUAGE_ANALYZERS.flatMap(({ languages }) => languages))).ofQuery, name: 'of-a-query' },
  20_000,
);

test('an id names one analyzer, and a language has one', () => {
  const ids = [DEFAULT_ANALYZER, ...LANGUAGE_ANALYZERS].map(analyzerId);
  expect(new Set(ids).size).toBe(ids.length);
  const languages = LANGUAGE_ANALYZERS.flatMap((analyzer) => analyzer.languages);
  expect(new Set(languages).size).toBe(languages.length);
});

test('the loaded analyzer is that of the table', async () => {
  for (const line of LANGUAGE_ANALYZERS) {
    const { name, version, language } = await line.load(DEFAULT_ANALYZER);
    expect([name, version]).toEqual([line.name, line.version]);
    expect(line.languages).toContain(language);
  }
});

describe('the analyzers of a collection', () => {
  test('a text in a language without one of its own is cut by the default', async () => {
    const { id, ofPage, ofQuery } = await analyzersFor(['', 'tlh', 'i-klingon', 'not a tag']);
    expect(id).toBe(analyzerId(DEFAULT_ANALYZER));
    expect([ofPage(''), ofPage('tlh'), ofQuery]).toEqual([DEFAULT_ANALYZER, DEFAULT_ANALYZER, DEFAULT_ANALYZER]);
  });

  test('their id loads them again, whatever the order of the languages', async () => {
    const languages = LANGUAGE_ANALYZERS.map((analyzer) => analyzer.languages[0]!);
    const made = await analyzersFor(languages);
    expect((await analyzersFor(languages.toReversed())).id).toBe(made.id);
    const read = await analyzersOf(made.id);
    for (const language of ['', ...languages]) expect(read.ofPage(language).name).toBe(made.ofPage(language).name);
  });
});

test.each([
  'standard/1',
  'standard',
  'Standard/2',
  'klingon/1',
  'standard/2+klingon/1',
  'standard/2+',
  '+standard/2',
  'standard/2+standard/2',
  '',
])('another id is refused: %s', async (id) => {
  const thrown: unknown = await analyzersOf(id).catch((error: unknown) => error);
  expect(isEraError(thrown, 'unknown-analyzer') && thrown.details['analyzer']).toBe(id);
});
