// Progress of long work in one type, from fetching a part to the last fold of a training.

/** Bytes that are fetched or written, as the rooms below the engine count them. */
export interface TransferProgress {
  readonly loadedBytes: number;
  /** 0 where the size is unknown. */
  readonly totalBytes: number;
}

/** How far a piece of work is. */
export interface Progress {
  /**
   * `download` parts of a collection; `fetch` the small model, `compile` it, `check` it by known answers; read `pages`, `cut`
   * them into passages, `embed` texts; `align`, `adapt`, `evaluate`, draw a `curve`.
   */
  readonly phase:
    'download' | 'fetch' | 'compile' | 'check' | 'pages' | 'cut' | 'embed' | 'align' | 'adapt' | 'evaluate' | 'curve';
  /** What `done` and `total` count. */
  readonly unit: 'bytes' | 'pages' | 'passages' | 'texts' | 'steps' | 'points' | 'searches';
  /** How much is done. */
  readonly done: number;
  /** Null where the total is unknown. */
  readonly total: number | null;
  /** Estimated from the speed so far; null until it can be estimated. */
  readonly secondsLeft: number | null;
  /** Tokens of the texts that are done; absent where they are not counted. */
  readonly tokens?: number | undefined;
  /** The model that reads the texts; `static` for the collection's encoder, which is none. */
  readonly model?: 'static' | 'local' | 'remote';
  /** The path whose map is trained. */
  readonly path?: 'static' | 'local' | 'remote' | 'both';
  /** Loss of the step, from trainers that have one. */
  readonly loss?: number | null;
  /** Of the step on the validation queries, by trainers that have one. */
  readonly validationLoss?: number | null;
}

/** Hears of work on its way. */
export type OnProgress = (progress: Progress) => void;

/** `done` and `total` replace those that were measured, where work is counted otherwise than it is measured. */
type ToldToo = Partial<Pick<Progress, 'done' | 'total' | 'tokens' | 'loss' | 'validationLoss'>>;

/** Seconds before which no speed is estimated. */
const LEAST_SECONDS = 1;

/** Reports the progress of one piece of work and estimates its remaining time. */
export class ProgressMeter {
  readonly #tell: OnProgress | undefined;
  readonly #about: Pick<Progress, 'phase' | 'unit' | 'model' | 'path'>;
  readonly #now: () => number;
  readonly #startMs: number;

  /** @param now milliseconds @param tell undefined where nobody listens */
  constructor(
    tell: OnProgress | undefined,
    about: Pick<Progress, 'phase' | 'unit' | 'model' | 'path'>,
    now: () => number = () => performance.now(),
  ) {
    this.#tell = tell;
    this.#about = about;
    this.#now = now;
    this.#startMs = now();
  }

  /** @param total null or 0 where it is unknown */
  at(done: number, total: number | null, more: ToldToo = {}): void {
    if (!this.#tell) return;
    const known = total === 0 ? null : total;
    const seconds = (this.#now() - this.#startMs) / 1000;
    const secondsLeft =
      known === null || done === 0 || seconds < LEAST_SECONDS ? null : (seconds * Math.max(0, known - done)) / done;
    this.#tell({ ...this.#about, done, total: known, secondsLeft, ...more });
  }
}
