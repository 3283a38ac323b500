// The trainer of a collection, fetched when something is to be learned for the first time: a visitor's page never needs it.

import { EraError, messageOf } from '../errors.ts';
import type { EngineTrainer, TrainerParts } from './trainer.ts';

type Learning = Pick<EngineTrainer, 'align' | 'adapt' | 'evaluate' | 'learningCurve'>;

export class LazyTrainer implements Learning {
  readonly #parts: TrainerParts;
  #trainer: Promise<EngineTrainer> | undefined;
  #isClosed = false;

  constructor(parts: TrainerParts) {
    this.#parts = parts;
  }

  align: Learning['align'] = async (options) => (await this.#ready()).align(options);
  adapt: Learning['adapt'] = async (labels, options) => (await this.#ready()).adapt(labels, options);
  evaluate: Learning['evaluate'] = async (labels, options) => (await this.#ready()).evaluate(labels, options);
  learningCurve: Learning['learningCurve'] = async (labels, options) => (await this.#ready()).learningCurve(labels, options);

  close(): void {
    this.#isClosed = true;
    void this.#trainer?.then((trainer) => trainer.close(), () => undefined);
  }

  async #ready(): Promise<EngineTrainer> {
    this.#trainer ??= this.#load();
    const trainer = await this.#trainer;
    if (this.#isClosed) throw new EraError('closed', 'The engine is closed.');
    return trainer;
  }

  async #load(): Promise<EngineTrainer> {
    try {
      return new (await import('./trainer.ts')).EngineTrainer(this.#parts);
    } catch (cause) {
      this.#trainer = undefined;
      throw new EraError('network', `What learns from labels could not be loaded: ${messageOf(cause)}`, { cause });
    }
  }
}
