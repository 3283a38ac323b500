// The public API: re-exports only.

export type { LinearAdapter, QueryPath } from './adapter/adapter.ts';
export type { LoadProgress, Refusal } from './encode/encoder.ts';
export { Engine, type BuildIndexOptions, type OpenIndexOptions, type SearchOptions, type SearchResult } from './engine.ts';
export type { SlotInfo, Stage } from './engine/adapters.ts';
export { splitLabels, type LabelSplit } from './engine/labels.ts';
export type { RemoteSource } from './engine/query-vectors.ts';
export type { EncoderStatus, EngineStatus, RemoteStatus, TrainerStatus } from './engine/status.ts';
export type {
  AdaptOptions,
  AlignOptions,
  EvaluateOptions,
  Evaluation,
  PathScores,
  RunProgress,
} from './engine/trainer.ts';
export { EraError, isEraError, type ErrorCode, type ErrorDetails } from './errors.ts';
export { parseQueries } from './evaluate/parse-task.ts';
export type { Label, LabelledQuery } from './evaluate/task.ts';
export type { Passage } from './format/index-file.ts';
export type { EngineOptions, LocalEncoderOptions } from './options.ts';
export type { QueryEncoder, Role } from './query/query-encoder.ts';
export type { RemoteOptions } from './query/remote-options.ts';
export type { IndexInfo, Method, PassageHit, TrainingOutcome, TrainingReport } from './rpc/protocol.ts';
export { POLICY_NAME, trustedScriptUrl } from './rpc/spawn.ts';
export type { Space } from './space.ts';
