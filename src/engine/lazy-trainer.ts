// Loads the trainer of a collection when something is to be learned for the first time: a visitor's page never needs
// it.

import { unlessAborted } from '../abort.ts';
import { EraError } from '../errors.ts';
import { loaded } from './loaded.ts';
import type { EngineTrainer, TrainerParts } from './trainer.ts';
import type { RunOptions } from './training-options.ts';

type Learning = Pick<EngineTrainer, 'align' | 'adapt' | 'evaluate' | 'learningCurve'>;

export class LazyTrainer implements Learning {
  readonly #restored: () => Promise<void>;
  readonly #parts: TrainerParts;
  #trainer: Promise<EngineTrainer> | undefined;
  #isClosed = false;

  /** @param restored loads what earlier visits have learned */
  constructor(restored: () => Promise<void>, parts: TrainerParts) {
    this.#restored = restored;
    this.#parts = parts;
  }

  align: Learning['align'] = async (options) => (await this.#ready(options)).align(options);
  adapt: Learning['adapt'] = async (labels, options) => (await this.#ready(options)).adapt(labels, options);
  evaluate: Learning['evaluate'] = async (labels, options) => (await this.#ready(options)).evaluate(labels, options);
  learningCurve: Learning['learningCurve'] = async (labels, options) =>
    (await this.#ready(options)).learningCurve(labels, options);

  /** Drops what the trainer knows of the collection's passages: they are others now. */
  forget(): void {
    const trainer = this.#trainer;
    this.#trainer = undefined;
    void trainer?.then(
      (open) => open.close(),
      () => undefined,
    );
  }

  close(): void {
    this.#isClosed = true;
    this.forget();
  }

  async #ready({ signal }: RunOptions): Promise<EngineTrainer> {
    await unlessAborted(this.#restored(), signal);
    this.#trainer ??= this.#load();
    const trainer = await unlessAborted(this.#trainer, signal);
    if (this.#isClosed) throw new EraError('closed', 'The engine is closed.');
    return trainer;
  }

  async #load(): Promise<EngineTrainer> {
    try {
      return new (await loaded(import('./trainer.ts'), 'The trainer')).EngineTrainer(this.#parts);
    } catch (error) {
      this.#trainer = undefined;
      throw error;
    }
  }
}
