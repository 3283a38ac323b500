// What a text is made into, on disk, so that a run makes only what has changed, and goes on where one was killed. A
// result is found by its text, by the options it was made with, and by the program that made it.

import { codeHash } from '../code-hash.ts';
import { keyOf, RecordFile } from '../record-file.ts';

/** Results that are appended together: a run that is killed loses these. */
const BATCH = 100;

export class ResultCache {
  readonly #file: RecordFile;
  /** Of the program and its options. */
  readonly #maker: string;
  #batch: (readonly [Buffer, Buffer])[] = [];

  /**
   * @param path its folder is created where it is missing
   * @param options as JSON
   * @throws EraError `invalid-option` for a folder that cannot be written
   */
  constructor(path: string, options: readonly unknown[]) {
    this.#file = new RecordFile(path);
    this.#maker = JSON.stringify([codeHash(), ...options]);
  }

  /** @param make its result is JSON @throws EraError `storage`, and what `make` throws */
  get<T>(text: string, make: () => T): T {
    const key = keyOf(this.#maker, text);
    const kept = this.#file.get(key);
    if (kept) return JSON.parse(kept.toString()) as T;
    const made = make();
    this.#batch.push([key, Buffer.from(JSON.stringify(made))]);
    if (this.#batch.length === BATCH) this.#flush();
    return made;
  }

  /** Keeps the last results, and prunes a file that has grown too large. @throws EraError `storage` */
  end(): void {
    this.#flush();
    this.#file.prune();
  }

  /** Drops results that are not kept yet. */
  close(): void {
    this.#file.close();
  }

  #flush(): void {
    if (this.#batch.length > 0) this.#file.append(this.#batch);
    this.#batch = [];
  }
}
