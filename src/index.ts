// The public API: re-exports only.

export type { AdaptDecision, GainInterval } from './adapter/adapt/closed-form.ts';
export type { LinearAdapter, QueryPath } from './adapter/adapter.ts';
export type { LearningPoint } from './adapter/learning-curve.ts';
export type { TrainerName } from './adapter/trainer.ts';
export { encoderDownloadBytes } from './encode/download-bytes.ts';
export type { Refusal } from './device.ts';
export type { LoadProgress } from './encode/encoder.ts';
export { Engine } from './engine.ts';
export type { SlotInfo, Stage, UsedAdapter } from './engine/adapters.ts';
export { splitLabels, type LabelSplit } from './engine/labels.ts';
export type { RemoteSource } from './engine/query-vectors.ts';
export type { BuildIndexOptions, OpenIndexOptions, SearchOptions, SearchResult } from './engine/search-options.ts';
export type { AnswerSource, CompleteSiteOptions, OpenSiteOptions, SiteAnswer, SiteSearchOptions } from './engine/site-search.ts';
export type { EncoderStatus, EngineStatus, RemoteStatus, SiteStatus, TrainerStatus } from './engine/status.ts';
export type { PartScores } from './engine/seen-scores.ts';
export type {
  AdaptOptions,
  AlignOptions,
  EvaluateOptions,
  Evaluation,
  LearningCurve,
  LearningCurveOptions,
  PathScores,
  RunProgress,
} from './engine/training-options.ts';
export { EraError, isEraError, type ErrorCode, type ErrorDetails } from './errors.ts';
export { parseQueries } from './evaluate/parse-task.ts';
export type { Label, LabelledQuery } from './evaluate/task.ts';
export type { Passage } from './format/index-file.ts';
export type { Click, ClickRules } from './labels/click-evidence.ts';
export { parseClickLog } from './labels/click-log.ts';
export { LabelBook, type Mark } from './labels/label-book.ts';
export { queryKey } from './labels/query-key.ts';
export type { EngineOptions, LocalEncoderOptions } from './options.ts';
export type { TransferProgress } from './progress.ts';
export type { QueryEncoder } from './query/query-encoder.ts';
export type { RemoteOptions } from './query/remote-options.ts';
export type { Role } from './role.ts';
export type { IndexInfo, PassageHit, TrainingOutcome, TrainingReport } from './rpc/protocol.ts';
export type { Explanation, FilterCounts, LegScore, PageHit, SectionHit, SnippetPiece } from './search/hits.ts';
export type { SiteInfo } from './rpc/site-messages.ts';
export { POLICY_NAME, trustedScriptUrl } from './trusted-types.ts';
export type { Space } from './space.ts';
