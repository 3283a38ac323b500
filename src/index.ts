/**
 * Search in a page: `Engine` opens a collection that `era-search index` has published, or builds one of records, and
 * searches it by words and by meaning.
 * @module
 */

export type { AdaptDecision, GainInterval } from './adapter/adapt/closed-form.ts';
export type { LinearAdapter, QueryPath } from './adapter/adapter.ts';
export type { LearningPoint } from './adapter/learning-curve.ts';
export type { TrainerName } from './adapter/trainer.ts';
export { encoderDownloadBytes } from './encode/download-bytes.ts';
export type { CollectionRecord, RecordSection } from './build/records.ts';
export type { ModelChoice, ModelOptions } from './encode/model-choice.ts';
export type { ModelDescription } from './encode/models.ts';
export type { Refusal } from './device.ts';
export type { Answer, Answers, AnswerSource, Stage, UsedAdapter } from './answer.ts';
export { Engine } from './engine.ts';
export type { SlotInfo } from './engine/adapters.ts';
export type { Collection } from './engine/collection.ts';
export type {
  BuildOptions,
  CollectionChanges,
  DownloadOptions,
  OpenOptions,
  SearchOptions,
} from './engine/search-options.ts';
export type { CollectionStatus, EncoderStatus, EngineStatus, RemoteStatus, TrainerStatus } from './engine/status.ts';
export type { SearchedRun } from './engine/searched-rankings.ts';
export type { PartScores, SeenScores } from './engine/seen-scores.ts';
export type {
  AdaptOptions,
  AlignOptions,
  EvaluateOptions,
  Evaluation,
  LearningCurve,
  LearningCurveOptions,
  PathScores,
} from './engine/training-options.ts';
export {
  EraError,
  isEraError,
  type EraErrorOptions,
  type ErrorCode,
  type ErrorCodes,
  type ErrorDetails,
} from './errors.ts';
export type { RunScores } from './evaluate/compare.ts';
export { parseQueries } from './evaluate/parse-task.ts';
export type { Curation, CurationReport } from './format/curation.ts';
export type { Label, LabelledQuery } from './evaluate/task.ts';
export type { Click, ClickRules } from './labels/click-evidence.ts';
export { parseClickLog } from './labels/click-log.ts';
export { LabelBook, type Mark } from './labels/label-book.ts';
export type { EngineOptions, LocalEncoderOptions } from './options.ts';
export type { OnProgress, Progress } from './progress.ts';
export type { QueryEncoder } from './query/query-encoder.ts';
export {
  readRemoteOptions,
  type Json,
  type RemoteOptions,
  type RemoteRequestOptions,
  type WrittenRemoteOptions,
} from './query/remote-options.ts';
export type { Role } from './role.ts';
export type { CollectionInfo } from './rpc/collection-messages.ts';
export type { KeywordFactor } from './adapter/adapt/keyword-factor.ts';
export type { TrainingOutcome, TrainingReport } from './rpc/protocol.ts';
export type { ScanKind } from './scan/scan.ts';
export type { ChosenFilters } from './search/filters.ts';
export type { Literal, SearchMode } from './search/query.ts';
export type { Explanation, FilterCounts, LegScore, PageHit, SectionHit, SnippetPiece } from './search/hits.ts';
export { POLICY_NAME, trustedScriptUrl } from './trusted-types.ts';
export type { Space } from './space.ts';
