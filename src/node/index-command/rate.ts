// Speed of a long run, for a line of progress.

import type { Progress } from '../../progress.ts';

/** Least milliseconds between two progress lines, so that a log stays readable. */
export const LINE_INTERVAL_MS = 3000;

type Counts = Pick<Progress, 'done' | 'tokens' | 'secondsLeft'>;

export class Rate {
  readonly #total: number;
  readonly #startMs: number;
  readonly #intervalMs: number;
  #lastLineMs: number;

  constructor(total: number, nowMs: number, intervalMs: number = LINE_INTERVAL_MS) {
    this.#total = total;
    this.#startMs = nowMs;
    this.#intervalMs = intervalMs;
    this.#lastLineMs = nowMs;
  }

  /**
   * A line such as `  120 of 984 texts, 40 texts and 2300 tokens a second, 22 s left`; null when the last one was just
   * now.
   */
  line({ done, tokens, secondsLeft }: Counts, nowMs: number): string | null {
    const last = done >= this.#total;
    if (!last && nowMs - this.#lastLineMs < this.#intervalMs) return null;
    this.#lastLineMs = nowMs;
    const seconds = (nowMs - this.#startMs) / 1000;
    const speed = (count: number): string => {
      const perSecond = seconds > 0 ? count / seconds : 0;
      return perSecond.toFixed(perSecond < 10 ? 1 : 0);
    };
    const ofTokens = tokens === undefined ? '' : ` and ${speed(tokens)} tokens`;
    const rest = last
      ? `took ${duration(seconds)}`
      : secondsLeft === null
        ? 'starting'
        : `${duration(secondsLeft)} left`;
    return `  ${done} of ${this.#total} texts, ${speed(done)} texts${ofTokens} a second, ${rest}`;
  }
}

/** `48 s`, `3 min 20 s` */
export function duration(seconds: number): string {
  const whole = Math.round(seconds);
  return whole < 60 ? `${whole} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`;
}
