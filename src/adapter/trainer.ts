// The interface of a trainer: one way to learn the map from query vectors to documents. The page's trainer worker and
// `evaluate` train through this interface alone; trainer.contract.ts is the list of tests that every trainer runs. The
// default trainer is closed-form-trainer.ts, ERA is in src/era/, the baselines are in src/lab/baselines/.

import type { QuantizedVectors } from '../math/quantize.ts';
import type { RowDots } from '../math/row-dots.ts';
import type { Space } from '../space.ts';
import { QUERY_PATHS, type LinearAdapter, type QueryPath } from './adapter.ts';
import type { AdaptDecision, Adaptation, GainInterval, HeldOutQueries } from './adapt/closed-form.ts';
import type { KnownQueries } from './align/align-site.ts';
import type { TextPairs } from './align/text-pairs.ts';
import type { LabelledQueries } from './labelled-queries.ts';
import type { Rank } from './rank.ts';

/** Trainers that a page can ask for, the default first. */
export const TRAINERS = ['closed-form', 'era', 'own'] as const;
/**
 * `closed-form`: ridge towards the base adapter, then the closed form (METHOD.md). `era`: the paper's two gradient
 * stages. `own`: that of the extension.
 */
export type TrainerName = (typeof TRAINERS)[number];
export const DEFAULT_TRAINER: TrainerName = 'closed-form';

/** The data that a trainer needs, known before it is loaded. */
export interface TrainerNeeds {
  /** The paths that it can learn. */
  readonly paths: readonly QueryPath[];
  /** Whether it uses queries without labels and a base adapter. */
  readonly context: boolean;
}

export const TRAINER_NEEDS: Readonly<Record<TrainerName, TrainerNeeds>> = {
  'closed-form': { paths: QUERY_PATHS, context: true },
  era: { paths: ['remote'], context: false },
  own: { paths: QUERY_PATHS, context: true },
};

/** What a trainer aligns with. */
export interface AlignInput {
  /** The same texts by the remote model and by the document model; null where there is no remote model. */
  readonly pairs: TextPairs | null;
  /** The documents' space. */
  readonly to: Space;
  /** All documents of the site; null where a map for no particular site is wanted. */
  readonly documents: QuantizedVectors | null;
  /** The requested paths; those that a trainer cannot learn are not in its result. */
  readonly paths: readonly QueryPath[];
  /** Queries of the site without labels. @default none */
  readonly queries?: KnownQueries | undefined;
  /** Fitted on other sites. @default none */
  readonly base?: LinearAdapter | undefined;
}

/** What a trainer adapts with. */
export interface AdaptInput {
  /** The map that labels are learned on top of. */
  readonly start: LinearAdapter;
  /** The adapter that is in use and that a change has to improve on: the start, or the start in its view. */
  readonly inUse: LinearAdapter;
  /** Labels to learn from, in the input order of the start's path. */
  readonly training: LabelledQueries;
  /** Labels to choose and stop by; a trainer that cross-validates joins both parts. */
  readonly validation: LabelledQueries;
  /** Queries of the site without labels, [u, dIn]. @default none */
  readonly unlabelled?: Float32Array | undefined;
  readonly documents: QuantizedVectors;
  /** Ranks `documents`. */
  readonly rank: Rank;
  /** Products with `documents`, for a trainer that ranks many queries in many ways. @default exact ones */
  readonly dots?: RowDots | undefined;
  /** Takes the best change even where none is good enough; a trainer that does not choose ignores it. @default false */
  readonly force?: boolean | undefined;
}

/** How a training is run. */
export interface TrainOptions {
  /** Same input, seed and device: the same bits. */
  readonly seed: number;
  /** Once it is aborted, training rejects with its reason before the next step. */
  readonly signal?: AbortSignal | undefined;
  /** Called as the training goes on. */
  readonly onProgress?: ((progress: TrainingProgress) => void) | undefined;
}

/** How far a training is. */
export interface TrainingProgress {
  readonly stage: 'align' | 'adapt';
  /** From 1: epochs or steps of gradient methods, candidate settings or paths of closed forms. */
  readonly step: number;
  /** Planned number of steps; a trainer may end earlier. */
  readonly steps: number;
  readonly loss: number | null;
  readonly validationLoss: number | null;
}

/**
 * An adapter, and how it came out.
 * @typeParam Learned a linear adapter, for all but the baselines whose maps are not linear
 */
export interface Trained<Learned = LinearAdapter> {
  /** `inUse` itself unless `applied`. */
  readonly adapter: Learned;
  /**
   * The map that labels are to be learned on top of, where an alignment's `adapter` is not that: the same map before
   * its view.
   */
  readonly start: LinearAdapter | null;
  /** False when nothing was better than what is in use, which `adapter` then is. */
  readonly applied: boolean;
  /**
   * Why labels changed the adapter or did not; `forced` where they did only because it was asked for. Null where the
   * trainer does not choose.
   */
  readonly decision: AdaptDecision | 'forced' | null;
  /** Mean cross-validated nDCG@10 on the labels given, before and after; null where nothing was better. */
  readonly validation: { readonly before: number; readonly after: number } | null;
  /** The difference of the two with its 95 % interval. */
  readonly gain: GainInterval | null;
  /** The same on queries none of whose relevant passages was learned from. */
  readonly gainUnseen: GainInterval | null;
  /**
   * Statistics of the labels; null where none were used. With a `seenShare` above 0 queries share passages, so the
   * adapter also memorises passages.
   */
  readonly labels: Adaptation['labels'] | null;
  /**
   * The labelled queries, training before validation, as the adapter maps them that has not learned from them: by these
   * the weight of keywords beside it is chosen. @default that stays as it is
   */
  readonly heldOut?: HeldOutQueries | null | undefined;
  /** The decision and its reason, in a sentence. */
  readonly note: string;
  /** The device that computed it. */
  readonly device: string;
  /** Devices that were tried before and not used. */
  readonly refused: readonly { readonly device: string; readonly reason: string }[];
}

/** Learns the map from query vectors to passages. It passes the tests of `describeTrainer`. */
export interface Trainer<Learned = LinearAdapter> {
  readonly name: string;
  /**
   * From texts, without labels: a map for each of the wanted paths that it can learn.
   * @throws EraError `invalid-input`, `dimension-mismatch`, `not-finite`, `no-encoder` without pairs where it needs
   * them, `gpu-lost`; the signal's reason
   */
  readonly align?: (input: AlignInput, options: TrainOptions) => Promise<Partial<Record<QueryPath, Trained<Learned>>>>;
  /**
   * From labelled queries, on top of an alignment.
   * @throws EraError `no-labels` or `too-few-labels` where nothing can be learned from, `missing-id`, `invalid-input`,
   * `dimension-mismatch`, `not-finite`, `gpu-lost`; the signal's reason
   */
  readonly adapt?: (input: AdaptInput, options: TrainOptions) => Promise<Trained<Learned | LinearAdapter>>;
}

/** Result fields of a trainer that does not choose and computes in plain JavaScript. */
export const UNJUDGED = {
  start: null,
  applied: true,
  decision: null,
  validation: null,
  gain: null,
  gainUnseen: null,
  labels: null,
  device: 'cpu',
  refused: [],
} as const;
