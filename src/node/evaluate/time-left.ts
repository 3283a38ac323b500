// Estimates the remaining time of work, for progress lines.

/** @param startMs when the work began (`Date.now()`) @param done units since then @param left units that remain */
export function timeLeft(startMs: number, done: number, left: number): string {
  const seconds = done === 0 ? NaN : ((Date.now() - startMs) / 1000 / done) * left;
  if (Number.isNaN(seconds)) return 'time left unknown';
  if (seconds < 90) return `about ${Math.ceil(seconds)} s left`;
  return seconds < 5400 ? `about ${Math.ceil(seconds / 60)} min left` : `about ${(seconds / 3600).toFixed(1)} h left`;
}
