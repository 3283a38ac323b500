import { expect, test } from 'vitest';
import { isEraError } from '../errors.ts';
import { analyzerId } from './analyzer.ts';
import { describeAnalyzer } from './analyzer.contract.ts';
import { ANALYZERS, analyzerOf, DEFAULT_ANALYZER } from './analyzers.ts';

for (const analyzer of ANALYZERS) describeAnalyzer(analyzer);

test('an id names one analyzer, and the default is one of them', () => {
  expect(new Set(ANALYZERS.map(analyzerId)).size).toBe(ANALYZERS.length);
  for (const analyzer of ANALYZERS) expect(analyzerOf(analyzerId(analyzer))).toBe(analyzer);
  expect(ANALYZERS).toContain(DEFAULT_ANALYZER);
});

test.each(['standard/2', 'standard', 'Standard/1', 'german/1', ''])('another id is refused: %s', (id) => {
  let thrown: unknown;
  try {
    analyzerOf(id);
  } catch (error) {
    thrown = error;
  }
  expect(isEraError(thrown, 'unknown-analyzer') && thrown.details['analyzer']).toBe(id);
});
