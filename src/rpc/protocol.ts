// The list of messages: for each worker, method → arguments, result and progress. Raise PROTOCOL_VERSION in wire.ts
// with every change here.

import type { LinearAdapter, QueryPath } from '../adapter/adapter.ts';
import type { HeldOutQueries } from '../adapter/adapt/closed-form.ts';
import type { KeywordFactor, RankingsByFactor } from '../adapter/adapt/keyword-factor.ts';
import type { LearningPoint } from '../adapter/learning-curve.ts';
import type { Trained, TrainerName, TrainingProgress } from '../adapter/trainer.ts';
import type { CollectedRecords } from '../build/collect-records.ts';
import type { KnownVectors } from '../build/known-vectors.ts';
import type { CollectionRecord } from '../build/records.ts';
import type { Refusal } from '../device.ts';
import type { EncodeProgress, EncoderDevice, LoadProgress } from '../encode/encoder.ts';
import type { RunScores } from '../evaluate/compare.ts';
import type { Curation, CurationReport } from '../format/curation.ts';
import type { Passage } from '../format/passage.ts';
import type { SiteContent } from '../format/site.ts';
import type { QuantizedVectors } from '../math/quantize.ts';
import type { Matrix } from '../math/vector.ts';
import type { Role } from '../role.ts';
import type { ScanKind } from '../scan/scan.ts';
import type { Space } from '../space.ts';
import type { TransferProgress } from '../progress.ts';
import type { CollectionFindings } from '../search/collection.ts';
import type { SearchQuery } from '../search/query.ts';
import type { CollectionInfo, QueryReading, ReadTexts } from './collection-messages.ts';

// A type, not an interface: only types fit the index signature of `Api`.
export type EncoderApi = {
  open: {
    args: {
      model?: string;
      modelBase?: string;
      fromHub?: boolean;
      device?: 'auto' | 'webgpu' | 'wasm';
      runtimeBase?: string;
      /** Address of the module of an extension, absolute; its encoder goes before the model. */
      extension?: string;
    };
    result: { space: Space; device: EncoderDevice; refused: readonly Refusal[] };
    progress: LoadProgress;
  };
  /** Resolves with [texts.length, dims] unit vectors. */
  encode: {
    args: { texts: readonly string[]; role: Role; reproducible?: boolean };
    result: Matrix;
    progress: EncodeProgress;
  };
  /** Makes pages and passages from records, cut to fit the model. */
  collect: { args: { records: readonly CollectionRecord[]; mayBeEmpty?: boolean }; result: CollectedRecords };
};

/** Number of an open collection, chosen by the page: a restarted worker opens it again under the same number. */
type In = { readonly collection: number };

export type SearchApi = {
  /** @param extension address of its module, absolute; null for none */
  configure: { args: { store: 'auto' | 'memory'; scan: 'auto' | ScanKind; extension: string | null }; result: null };
  /**
   * Opens a collection: the manifest, and the parts that the first answer needs. From the store where it has this
   * build, the network is unavailable or `url` is null.
   */
  open: { args: In & { name: string; url: string | null; paths: readonly QueryPath[] }; result: CollectionInfo };
  /**
   * Vectors of texts in a collection that is open, or else stored under the name; none where there is none, or its
   * vectors are of another space.
   */
  known: { args: In & { name: string; space: Space; texts: readonly string[] }; result: KnownVectors };
  /** The content of a collection that a page has built without some pages, and with others, see `changeContent`. */
  changed: {
    args: In & { put: SiteContent; remove: readonly string[] };
    result: { content: SiteContent; root: string };
  };
  /** Makes, stores and opens a collection; `vectors` [passages that are not known, space.dims]. */
  build: {
    args: In & {
      name: string;
      content: SiteContent;
      vectors: Matrix;
      known: KnownVectors;
      space: Space;
      root: string;
      paths: readonly QueryPath[];
    };
    result: CollectionInfo;
    progress: TransferProgress;
  };
  /** Downloads the missing parts and stores all of them. */
  download: { args: In; result: CollectionInfo; progress: TransferProgress };
  /** Path below the folder → bytes, as the command publishes them; all parts are downloaded first. */
  export: { args: In; result: ReadonlyMap<string, Uint8Array<ArrayBuffer>> };
  close: { args: In; result: null };
  /**
   * Answers, each better than the previous one. `input` is the query as models read it, once they have; null where none
   * could. Resolves with the collection where its site was published anew, and the answers are of that; else with null.
   */
  search: {
    args: In & { readonly query: SearchQuery; readonly early: boolean };
    result: CollectionInfo | null;
    progress: CollectionFindings;
    input: QueryReading | null;
  };
  /**
   * Rankings of labelled queries by the whole search, for each of several factors of the weight of keywords; `sets`
   * [texts.length, space.dims] each, as adapters map them that have not learned from them. All vectors are downloaded
   * first.
   * @returns of each set [texts.length, factors.length, k] rows, −1 where there are fewer; progress counts the rankings
   */
  rankings: {
    args: In & { texts: readonly string[]; sets: readonly Matrix[]; factors: readonly number[]; k: number };
    result: Int32Array<ArrayBuffer>[];
    progress: number;
  };
  /** Tries a curation in place of the published one; null for the published one. */
  tune: {
    args: In & { curation: Curation | string | null };
    result: { report: CurationReport; info: CollectionInfo };
  };
  /** Keeps an adapter for later searches under `id`; null drops it. */
  setAdapter: { args: In & { id: string; adapter: LinearAdapter | null }; result: null };
  /** A file that the manifest names: an adapter. */
  file: { args: In & { file: string }; result: Uint8Array<ArrayBuffer> };
  /** Passages of these rows. */
  passages: { args: In & { rows: readonly number[] }; result: readonly Passage[] };
  /** A few short passages with their vectors, [texts.length, dims], to compare the page's small model with. */
  samples: { args: In; result: { readonly texts: readonly string[]; readonly vectors: Matrix } };
  /** Texts as the static query encoder reads them, [space.dims] each; null where nothing of a text is known. */
  readStatic: { args: In & { texts: readonly string[] }; result: readonly (Matrix | null)[] };
  /** Row numbers of passage ids; −1 for unknown ids. */
  rows: { args: In & { ids: readonly string[] }; result: Int32Array<ArrayBuffer> };
  /** Dequantised vectors of these rows, [rows.length, dims]. */
  vectors: { args: In & { rows: readonly number[] }; result: Matrix };
  /** A copy of all vectors, for the trainer. */
  snapshot: { args: In; result: QuantizedVectors };
  /** Parses records from JSONL, in the worker because a large file would block the page. */
  parseRecords: { args: { text: string; name: string }; result: readonly CollectionRecord[] };
  /** A file kept in the store, such as a trained adapter; null for none. */
  readFile: { args: { name: string }; result: Uint8Array<ArrayBuffer> | null };
  /** Resolves with whether the next visit has it. */
  writeFile: { args: { name: string; bytes: Uint8Array<ArrayBuffer> }; result: boolean };
  removeFile: { args: { name: string }; result: null };
};

/** One labelled query: judged passage rows with their grades; relevant when above 0. */
export type RelevantRows = readonly (readonly [row: number, grade: number])[];

export interface LabelledVectors {
  /** [n, dIn], row-major, in the input order of the adapter's path. */
  readonly x: Matrix;
  readonly relevant: readonly RelevantRows[];
}

/** What a training did for one path, and how it came out. */
export interface TrainingReport extends Omit<Trained, 'heldOut'> {
  /** How long it took. */
  readonly seconds: number;
  /**
   * The weight of keywords beside the adapter, which the labels choose too; null where the trainer gives nothing to
   * choose it by. @default null
   */
  readonly keywords?: KeywordFactor | null | undefined;
}

/** One report for each path that was trained. */
export type TrainingOutcome = Partial<Record<QueryPath, TrainingReport>>;

/**
 * Vectors to rank by, `adapter` null where they are in the documents' space already; or for each query the rows as
 * another system ranked them.
 */
export type ScoredRun =
  { readonly adapter: LinearAdapter | null; readonly x: Matrix } | { readonly ranked: readonly (readonly number[])[] };

export type TrainerApi = {
  load: {
    args: {
      vectors: QuantizedVectors;
      device: 'auto' | 'webgpu' | 'wasm' | 'cpu';
      runtimeBase: string | null;
      extension: string | null;
    };
    result: null;
  };
  /**
   * `pairs`: the same n passages in both spaces; null where there is no remote model. One report for each path that can
   * be aligned.
   */
  align: {
    args: {
      trainer: TrainerName;
      pairs: { readonly x: Matrix; readonly y: Matrix; readonly from: string } | null;
      to: Space;
      paths: readonly QueryPath[];
      /** Queries of the site without labels; null for none. */
      queries: ReadTexts | null;
      base: LinearAdapter | null;
      seed: number;
    };
    result: TrainingOutcome;
    progress: TrainingProgress;
  };
  adapt: {
    args: {
      trainer: TrainerName;
      start: LinearAdapter;
      /** The adapter that is in use and that a change has to improve on. */
      inUse: LinearAdapter;
      train: LabelledVectors;
      validation: LabelledVectors;
      /** [u, dIn]: queries without labels; null for none. */
      unlabelled: Matrix | null;
      /** Takes the best change even where none is good enough. */
      force: boolean;
      seed: number;
    };
    result: { readonly report: TrainingReport; readonly heldOut: HeldOutQueries | null };
    progress: TrainingProgress;
  };
  /** Chooses the weight of keywords; the rankings are those of the search worker. */
  chooseKeywordFactor: {
    args: {
      relevant: readonly RelevantRows[];
      byQuery: RankingsByFactor;
      byPassage: RankingsByFactor;
      seed: number;
    };
    result: KeywordFactor;
  };
  /** The closed form on growing parts of `pool`; `sizes` null for the defaults. */
  learningCurve: {
    args: {
      start: LinearAdapter;
      inUse: LinearAdapter;
      pool: LabelledVectors;
      heldOut: LabelledVectors;
      sizes: readonly number[] | null;
      repeats: number;
      seed: number;
    };
    result: LearningPoint[];
    progress: LearningPoint;
  };
  /** Scores of every run on the same queries. The first run is the reference. */
  evaluate: { args: { runs: readonly ScoredRun[]; relevant: readonly RelevantRows[] }; result: RunScores[] };
};
