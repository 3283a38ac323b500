/**
 * What is needed to extend era-search: types of the parts that can be replaced, and what helps to write them. Runs in
 * pages, workers and Node; re-exports only. The lists of tests for such parts are in contract.ts.
 * @module
 */

export { applyAdapter, type LinearAdapter, type QueryPath, type QueryVectors } from './adapter/adapter.ts';
export type {
  AdaptDecision,
  Adaptation,
  CandidateScore,
  GainInterval,
  HeldOutQueries,
} from './adapter/adapt/closed-form.ts';
export type { Setting } from './adapter/adapt/cross-validate.ts';
export type { KnownQueries } from './adapter/align/align-site.ts';
export type { TextPairs } from './adapter/align/text-pairs.ts';
export type { LabelledQueries } from './adapter/labelled-queries.ts';
export type { Rank } from './adapter/rank.ts';
export {
  UNJUDGED,
  type AdaptInput,
  type AlignInput,
  type Trained,
  type Trainer,
  type TrainingProgress,
  type TrainOptions,
} from './adapter/trainer.ts';
export type { AskedDots, DotsKind, RowDots } from './math/row-dots.ts';
export {
  analyzerId,
  termsOf,
  type Analyzer,
  type LanguageAnalyzer,
  type Term,
  type Token,
} from './analysis/analyzer.ts';
export { standardAnalyzer } from './analysis/standard-analyzer.ts';
export { HttpRetriever, type HttpRetrieverOptions } from './backend/http-retriever.ts';
export type { EncodeOptions, Encoder, EncoderDevice, EncodeProgress } from './encode/encoder.ts';
export { EraError, isEraError, type ErrorCode, type ErrorCodes, type ErrorDetails } from './errors.ts';
export type { Grades } from './evaluate/metrics.ts';
export type { Extension, ExtensionEncoder, OpenEncoderOptions, RetrievedDocuments } from './extension/extension.ts';
export type { QuantizedVectors } from './math/quantize.ts';
export type { QueryEncoder } from './query/query-encoder.ts';
export type { Role } from './role.ts';
export { rankByScore } from './search/ranked-list.ts';
export { depthOf, type Query, type RankedList, type Retriever, type RetrieveOptions } from './search/retriever.ts';
export { spaceId, type Space } from './space.ts';
