// A limit on the silence of a browser's storage: some never answer a request, and whoever waits would wait for ever.

import { EraError } from '../errors.ts';

/** Far longer than one request takes on a slow and busy disk. */
export const SILENCE_MS = 10_000;

/**
 * The result of `work`, which calls `heard` whenever the storage has answered one of its requests.
 * @throws EraError `storage` after a silence; what `work` throws
 */
export async function unlessSilent<T>(limitMs: number, work: (heard: () => void) => Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  try {
    return await new Promise<T>((resolve, reject) => {
      const giveUp = (): void =>
        reject(
          new EraError('storage', `The browser storage gave no answer within ${limitMs} ms.`, { details: { limitMs } }),
        );
      const heard = (): void => {
        clearTimeout(timer);
        timer = setTimeout(giveUp, limitMs);
      };
      heard();
      work(heard).then(resolve, reject);
    });
  } finally {
    clearTimeout(timer);
  }
}
