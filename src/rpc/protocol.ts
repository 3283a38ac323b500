// THE list of messages: for each worker, method → what it takes, gives and reports on the way.
// Raise PROTOCOL_VERSION in wire.ts with every change here.

import type { LinearAdapter, QueryPath } from '../adapter/adapter.ts';
import type { LearningPoint } from '../adapter/learning-curve.ts';
import type { Trained, TrainerName, TrainingProgress } from '../adapter/trainer.ts';
import type { Refusal } from '../device.ts';
import type { EncodeProgress, EncoderDevice, LoadProgress } from '../encode/encoder.ts';
import type { RunScores } from '../evaluate/compare.ts';
import type { Passage } from '../format/index-file.ts';
import type { QuantizedVectors } from '../math/quantize.ts';
import type { Matrix } from '../math/vector.ts';
import type { Role } from '../role.ts';
import type { ScanKind } from '../scan/scan.ts';
import type { Space } from '../space.ts';
import type { TransferProgress } from '../progress.ts';
import type { SearchQuery } from '../search/query.ts';
import type { QueryReading, SiteFindings, SiteInfo } from './site-messages.ts';

// A type, not an interface: only types fit the index signature of `Api`.
export type EncoderApi = {
  open: {
    args: { model?: string; modelBase?: string; fromHub?: boolean; device?: 'auto' | 'webgpu' | 'wasm'; runtimeBase?: string };
    result: { space: Space; device: EncoderDevice; refused: readonly Refusal[] };
    progress: LoadProgress;
  };
  /** → [texts.length, dims] unit vectors */
  encode: { args: { texts: readonly string[]; role: Role; reproducible?: boolean }; result: Matrix; progress: EncodeProgress };
};

export type IndexSource = 'store' | 'network' | 'built';

export interface IndexInfo {
  readonly name: string;
  readonly space: Space;
  readonly passages: number;
  /** sha-256 of the index file, hex. */
  readonly sha256: string;
  readonly bytes: number;
  readonly source: IndexSource;
  readonly store: 'indexeddb' | 'memory';
  /** Why the index rests in memory only, where that was not asked for. */
  readonly storeProblem?: string;
  readonly scan: ScanKind;
  readonly scanRefused: readonly Refusal[];
}

export interface PassageHit extends Passage {
  /** Row number in the index. */
  readonly row: number;
  /** Cosine with the query. */
  readonly score: number;
}

export type SearchApi = {
  configure: { args: { store: 'auto' | 'memory'; scan: 'auto' | ScanKind }; result: null };
  /** Opens the index `name`: from the store when its file is the one that `url` names (or the network is away), else downloaded from `url` and stored. */
  open: { args: { name: string; url: string | null }; result: IndexInfo; progress: TransferProgress };
  /** Writes and opens an index of these passages; `vectors` [passages.length, space.dims]. */
  build: { args: { name: string; passages: readonly Passage[]; vectors: Matrix; space: Space }; result: IndexInfo; progress: TransferProgress };
  /** Keeps an adapter for later searches under `id`; null drops it. */
  setAdapter: { args: { id: string; adapter: LinearAdapter | null }; result: null };
  /** The k best passages for a query given by its vectors; `adapter` is an id, or null for the local vector as it is. */
  search: { args: QueryReading & { readonly k: number }; result: readonly PassageHit[] };
  /** Opens a site's search: the manifest, and of its parts what the first answer needs. From the store where it has this build or the network is away. */
  openSite: { args: { name: string; url: string; paths: readonly QueryPath[] }; result: SiteInfo };
  /** Pages for a query: by keywords, and by vectors too where both sides have them. */
  searchSite: { args: { readonly query: SearchQuery; readonly reading: QueryReading | null }; result: SiteFindings };
  /** Downloads what is missing of the open site, stores all of it, and opens its index (null where it has no vectors) for the other methods of this list. */
  completeSite: { args: null; result: { readonly site: SiteInfo; readonly index: IndexInfo | null }; progress: TransferProgress };
  /** A file that the open site's manifest names: an adapter. */
  siteFile: { args: { file: string }; result: Uint8Array<ArrayBuffer> };
  /** Passages of a JSONL text: rows `{id, doc}` (MAIR) or `{id, text, title?, url?}`. Here, because a large file would block the page. */
  parsePassages: { args: { text: string }; result: readonly Passage[] };
  /** Passages of these rows. */
  passages: { args: { rows: readonly number[] }; result: readonly Passage[] };
  /** Row numbers of passage ids; −1 for ids that are not there. */
  rows: { args: { ids: readonly string[] }; result: Int32Array<ArrayBuffer> };
  /** Dequantised vectors of these rows, [rows.length, dims]. */
  vectors: { args: { rows: readonly number[] }; result: Matrix };
  /** A copy of all vectors, for the trainer. */
  snapshot: { args: null; result: QuantizedVectors };
  /** The index file's bytes. */
  exportFile: { args: null; result: Uint8Array<ArrayBuffer> };
  /** A file kept beside the index, such as a trained adapter; null for none. */
  readFile: { args: { name: string }; result: Uint8Array<ArrayBuffer> | null };
  writeFile: { args: { name: string; bytes: Uint8Array<ArrayBuffer> }; result: null };
  removeFile: { args: { name: string }; result: null };
};

/** One labelled query: judged passage rows with their grades; relevant when above 0. */
export type RelevantRows = readonly (readonly [row: number, grade: number])[];

export interface LabelledVectors {
  /** [n, dIn], row-major, in the input order of the adapter's path. */
  readonly x: Matrix;
  readonly relevant: readonly RelevantRows[];
}

export interface TrainingReport extends Trained {
  readonly seconds: number;
}

export type TrainingOutcome = Partial<Record<QueryPath, TrainingReport>>;

export type TrainerApi = {
  load: { args: { vectors: QuantizedVectors; device: 'auto' | 'webgpu' | 'wasm' | 'cpu'; runtimeBase: string | null }; result: null };
  /** `pairs`: the same n passages in both spaces; null where there is no remote model. One report for each path that can be aligned. */
  align: {
    args: {
      trainer: TrainerName;
      pairs: { readonly x: Matrix; readonly y: Matrix; readonly from: string } | null;
      to: Space;
      paths: readonly QueryPath[];
      /** Queries of the site without labels, by each model; null for none. */
      queries: { readonly local: Matrix | null; readonly remote: Matrix | null } | null;
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
      /** The adapter that is in use and has to be beaten. */
      inUse: LinearAdapter;
      train: LabelledVectors;
      validation: LabelledVectors;
      /** [u, dIn]: queries without labels; null for none. */
      unlabelled: Matrix | null;
      /** Takes the best change even where none is good enough. */
      force: boolean;
      seed: number;
    };
    result: TrainingReport;
    progress: TrainingProgress;
  };
  /** The closed form on growing parts of `pool`; `sizes` null for the default ones. */
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
  /** Scores of every run on the same queries; `adapter` null: x are document-space vectors already. The first run is the reference. */
  evaluate: { args: { runs: readonly { readonly adapter: LinearAdapter | null; readonly x: Matrix }[]; relevant: readonly RelevantRows[] }; result: RunScores[] };
};
