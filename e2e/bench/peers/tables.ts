// What the benchmark prints of the engines: a Markdown table for each number of rows.

export interface Result {
  readonly key: string;
  readonly name: string;
  /** Why there are no numbers, or none of queries. */
  readonly error?: string;
  readonly buildMs?: number;
  readonly bytes?: number;
  readonly p50Ms?: number;
  readonly p99Ms?: number;
  /** Null where the engine ranks nothing. */
  readonly recall?: number | null;
  readonly queries?: number;
  /** Median over that of the engine that all are compared with. */
  readonly ratio?: number;
}

/** @param share 0 to 1 @returns the least number that this share of all does not exceed */
export function quantile(numbers: readonly number[], share: number): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)]!;
}

const number = (value: number | null | undefined, digits: number): string =>
  value === undefined || value === null ? '' : value.toFixed(digits);

const seconds = (ms: number | undefined): string => (ms === undefined ? '' : number(ms / 1000, ms < 1000 ? 3 : 1));
const megabytes = (bytes: number | undefined): string => (bytes === undefined ? '' : number(bytes / 1e6, 1));
const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');

/** @param asked queries of an engine that answered all */
export function table(results: readonly Result[], asked: number, k: number): string {
  const lines = results.map(({ name, error, buildMs, bytes, p50Ms, p99Ms, recall, ratio, queries }) => {
    const few = queries !== undefined && queries < asked ? `${queries} queries` : '';
    const cells = [
      name,
      seconds(buildMs),
      megabytes(bytes),
      number(p50Ms, 2),
      number(p99Ms, 2),
      number(recall, 3),
      number(ratio, 2),
      error ?? few,
    ];
    return `| ${cells.map(cell).join(' | ')} |`;
  });
  return [
    `| engine | build, s | held, MB | p50, ms | p99, ms | recall@${k} | p50 / ours | note |`,
    '|---|--:|--:|--:|--:|--:|--:|---|',
    ...lines,
  ].join('\n');
}
