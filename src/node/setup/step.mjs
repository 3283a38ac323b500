// One step of the preparation: what it does is said before it, how long it took after it.

/**
 * @template T
 * @param {(line: string) => void} say
 * @param {string} title without a full stop, such as “Building the playground”
 * @param {() => Promise<T>} work
 * @param {string} [details] said before it only
 * @returns {Promise<T>}
 * @throws what `work` throws; then no time is said
 */
export async function step(say, title, work, details = '') {
  say(`${title}${details}.`);
  const startMs = performance.now();
  const result = await work();
  say(`${title} took ${seconds(performance.now() - startMs)}.`);
  return result;
}

/** @param {number} ms */
export function seconds(ms) {
  return `${(ms / 1000).toFixed(1)} s`;
}
