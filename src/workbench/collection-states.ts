// Which of the bundled collections the server is still making: asked for until none is left.

import { download } from '../transfer/download.ts';

/** As the server tells it. */
export interface CollectionState {
  /** That of the corpus. */
  readonly name: string;
  readonly state: 'waiting' | 'embedding' | 'ready' | 'failed';
  /** Passages embedded, and all of them. */
  readonly done: number;
  readonly total: number;
  /** Of `failed`: what happened and what to do. */
  readonly problem: string | null;
}

const ASK_AFTER_MS = 2000;
/** Of a server that is away: it may come back. */
const LONGEST_MS = 30_000;

export class CollectionStates {
  readonly #tell: (states: readonly CollectionState[]) => void;
  #isFollowing = false;

  /** @param tell called with every answer */
  constructor(tell: (states: readonly CollectionState[]) => void) {
    this.#tell = tell;
  }

  /**
   * Settles with the first answer, or when there is none: without a network, or at a server that tells no states. Then
   * all collections count as ready.
   */
  async follow(): Promise<void> {
    if (this.#isFollowing) return;
    this.#isFollowing = true;
    const states = await ask();
    if (states) this.#tell(states);
    void this.#followOn(states ?? []);
  }

  async #followOn(first: readonly CollectionState[]): Promise<void> {
    let waitMs = ASK_AFTER_MS;
    for (let last = first; last.some(isUnderWay);) {
      await new Promise((resolve) => setTimeout(resolve, waitMs));
      const states = await ask();
      waitMs = states ? ASK_AFTER_MS : Math.min(2 * waitMs, LONGEST_MS);
      if (!states) continue;
      last = states;
      this.#tell(states);
    }
    this.#isFollowing = false;
  }
}

const isUnderWay = ({ state }: CollectionState): boolean => state === 'waiting' || state === 'embedding';

async function ask(): Promise<readonly CollectionState[] | null> {
  try {
    const url = new URL('./collections.json', document.baseURI).href;
    const bytes = await download(url, { cache: 'no-store', refuseHtml: true, tries: 1 });
    return (JSON.parse(new TextDecoder().decode(bytes)) as { collections: CollectionState[] }).collections;
  } catch {
    return null;
  }
}
