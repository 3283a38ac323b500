// What long work tells on its way: one shape, from the fetch of a part to the last fold of a training.

/** Of bytes that are fetched or written: what the rooms below the engine count. */
export interface TransferProgress {
  readonly loadedBytes: number;
  /** 0 where it is not known. */
  readonly totalBytes: number;
}

/** How far a piece of work is. */
export interface Progress {
  /**
   * `download` parts of a collection, `load` the small model, read `pages`, `embed` texts; `align`, `adapt`,
   * `evaluate`, draw a `curve`.
   */
  readonly phase: 'download' | 'load' | 'pages' | 'embed' | 'align' | 'adapt' | 'evaluate' | 'curve';
  /** What `done` and `total` count. */
  readonly unit: 'bytes' | 'pages' | 'texts' | 'steps' | 'points' | 'searches';
  /** How much is done. */
  readonly done: number;
  /** Null where it is not known. */
  readonly total: number | null;
  /** At the pace so far; null until that can be told. */
  readonly secondsLeft: number | null;
  /** Who reads the texts. */
  readonly model?: 'local' | 'remote';
  /** Whose map is trained. */
  readonly path?: 'local' | 'remote' | 'both';
  /** Of the step, by trainers that have one. */
  readonly loss?: number | null;
  /** Of the step on the validation queries, by trainers that have one. */
  readonly validationLoss?: number | null;
}

/** Hears of work on its way. */
export type OnProgress = (progress: Progress) => void;

/** Before this no pace can be told. */
const LEAST_SECONDS = 1;

/** Tells how one piece of work goes, and how long it will take. */
export class ProgressMeter {
  readonly #tell: OnProgress | undefined;
  readonly #about: Pick<Progress, 'phase' | 'unit' | 'model' | 'path'>;
  readonly #now: () => number;
  readonly #startMs: number;

  /** @param now milliseconds @param tell undefined: nobody listens */
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

  /** @param total null or 0 where it is not known */
  at(done: number, total: number | null, more: Pick<Progress, 'loss' | 'validationLoss'> = {}): void {
    if (!this.#tell) return;
    const known = total === 0 ? null : total;
    const seconds = (this.#now() - this.#startMs) / 1000;
    const secondsLeft =
      known === null || done === 0 || seconds < LEAST_SECONDS ? null : (seconds * Math.max(0, known - done)) / done;
    this.#tell({ ...this.#about, done, total: known, secondsLeft, ...more });
  }
}
