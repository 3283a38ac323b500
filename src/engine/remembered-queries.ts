// The remote model's vectors of the visitor's last queries, kept between visits so that a repeated query needs no
// network. One small file in the browser's store; the page can turn it off.

import type { SearchApi } from '../rpc/protocol.ts';
import { spaceId, type Space } from '../space.ts';
import { packContainer, unpackContainer } from '../store/container.ts';
import type { Connection } from './connections.ts';

/** 500 vectors of 1024 float32 are 2 MB. */
const MAX_QUERIES = 500;
/** Queries come in bursts, so one write serves all of them. */
const WRITE_AFTER_MS = 1000;

type Vector = Float32Array<ArrayBuffer>;

export class RememberedQueries {
  readonly #search: Connection<SearchApi>;
  readonly #space: () => Space;
  readonly #isWanted: boolean;
  /** Least recently used first. */
  readonly #vectors = new Map<string, Vector>();
  #loaded: Promise<void> | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /**
   * @param space of the remote model's queries
   * @param isWanted false: nothing is kept, and what earlier visits kept is removed
   */
  constructor(search: Connection<SearchApi>, space: () => Space, isWanted: boolean) {
    this.#search = search;
    this.#space = space;
    this.#isWanted = isWanted;
  }

  async get(text: string): Promise<Vector | undefined> {
    await (this.#loaded ??= this.#load());
    const vector = this.#vectors.get(text);
    const { dims } = this.#space();
    if (!vector || (dims !== 0 && dims !== vector.length)) return undefined;
    this.#keep(text, vector);
    return vector;
  }

  add(text: string, vector: Vector): void {
    if (!this.#isWanted) return;
    this.#keep(text, vector);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#save(), WRITE_AFTER_MS);
  }

  #keep(text: string, vector: Vector): void {
    this.#vectors.delete(text);
    this.#vectors.set(text, vector);
    if (this.#vectors.size > MAX_QUERIES) this.#vectors.delete(this.#vectors.keys().next().value!);
  }

  /** Loads the file; a store that fails or holds other content does not prevent answers. */
  async #load(): Promise<void> {
    try {
      const search = await this.#search.ready();
      if (!this.#isWanted) {
        await search.call('removeFile', { name: this.#file });
        return;
      }
      const bytes = await search.call('readFile', { name: this.#file });
      for (const [text, vector] of (bytes && unpackContainer(bytes))?.files ?? []) {
        this.#vectors.set(text, new Float32Array(vector.slice().buffer));
      }
    } catch {
      this.#loaded = undefined;
    }
  }

  async #save(): Promise<void> {
    const files = Array.from(this.#vectors, ([text, { buffer }]) => [text, new Uint8Array(buffer)] as const);
    try {
      await (await this.#search.ready()).call('writeFile', { name: this.#file, bytes: packContainer('', files) });
    } catch {
      // Without room, or after a close, the queries of this visit are requested again at the next.
    }
  }

  /** The dimensions are not known before the first answer, so the file stores them with every vector. */
  get #file(): string {
    return `queries/${spaceId({ ...this.#space(), dims: 0 })}`;
  }
}
