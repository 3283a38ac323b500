// Formats numbers and names.

export const points = (value: number): string => (100 * value).toFixed(1);
export const signed = (value: number): string => `${value < 0 ? '−' : '+'}${Math.abs(100 * value).toFixed(1)}`;
export const percent = (value: number): string => `${Math.round(value * 100)} %`;
export const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;
/** “1 query”, “2 queries”. */
export const counted = (count: number, one: string, many: string = `${one}s`): string =>
  `${count.toLocaleString('en')} ${count === 1 ? one : many}`;
export const short = (text: string, chars: number): string => {
  const line = text.replace(/\s+/g, ' ');
  return line.length > chars ? `${line.slice(0, chars - 1)}…` : line;
};
/** Share of a whole; null while the whole is unknown. */
export const share = (done: number, total: number): number | null => (total > 0 ? done / total : null);
export const milliseconds = (value: number): string =>
  value < 10 ? `${value.toFixed(1)} ms` : `${Math.round(value)} ms`;
export const size = (bytes: number): string => (bytes < 1e6 ? `${Math.ceil(bytes / 1000)} kB` : megabytes(bytes));
/** A decoded part of an address; unchanged where a % in it begins no code. */
export function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
