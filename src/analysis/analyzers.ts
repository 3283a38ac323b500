// The analyzers of this release. A new one is one file, one line here, and passes analyzer.contract.ts.

import { EraError } from '../errors.ts';
import { analyzerId, type Analyzer } from './analyzer.ts';
import { standardAnalyzer } from './standard-analyzer.ts';

export const ANALYZERS: readonly Analyzer[] = [standardAnalyzer];

/** The one that indexes are made with where none is named. */
export const DEFAULT_ANALYZER: Analyzer = standardAnalyzer;

/** @throws EraError `unknown-analyzer` */
export function analyzerOf(id: string): Analyzer {
  const analyzer = ANALYZERS.find((candidate) => analyzerId(candidate) === id);
  if (analyzer) return analyzer;
  throw new EraError('unknown-analyzer', `The index was made with the analyzer “${id}”; this release has ${ANALYZERS.map(analyzerId).join(', ')}.`, { details: { analyzer: id } });
}
