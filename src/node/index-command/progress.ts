// Progress of `era-search index`: a bar that is redrawn on a terminal, otherwise a line from time to time.

import { printableLine, type CommandIo } from '../command-io.ts';
import type { Progress } from '../../progress.ts';
import { LINE_INTERVAL_MS, Rate } from './rate.ts';

const REDRAW_MS = 100;
const BAR_CELLS = 20;
const CLEAR_LINE = '\r\u001B[2K';

export class ProgressLines {
  readonly #io: Pick<CommandIo, 'note' | 'terminal'>;
  readonly #quiet: boolean;
  #rate: Rate | undefined;
  #by = '';
  #drawn = false;
  #lastDrawnMs = -Infinity;
  #lastLineMs: number = performance.now();

  constructor(io: Pick<CommandIo, 'note' | 'terminal'>, quiet: boolean) {
    this.#io = io;
    this.#quiet = quiet;
  }

  /** Prints a permanent line. */
  note(line: string): void {
    if (this.#quiet) return;
    this.clear();
    this.#io.note(printableLine(line));
  }

  /** Shows what was counted so far, such as `120 pages read`, where the total is not known beforehand. */
  count(counted: string): void {
    const nowMs = performance.now();
    if (this.#io.terminal) this.#redraw(`  ${counted}`);
    else if (nowMs - this.#lastLineMs >= LINE_INTERVAL_MS) {
      this.#lastLineMs = nowMs;
      this.note(`  ${counted}`);
    }
  }

  /** @param by the model that reads them; another model starts a new count */
  texts(progress: Pick<Progress, 'done' | 'tokens' | 'secondsLeft'>, total: number, by: string): void {
    const { done } = progress;
    if (this.#quiet) return;
    const nowMs = performance.now();
    if (this.#by !== by) {
      this.#by = by;
      this.note(`Embedding ${total} texts by ${by}.`);
      this.#rate = undefined;
    }
    this.#rate ??= new Rate(total, nowMs, this.#io.terminal ? 0 : undefined);
    if (!this.#io.terminal || done >= total) {
      const line = this.#rate.line(progress, nowMs);
      if (line !== null) this.note(line);
    } else if (this.#isDue(nowMs)) {
      const cells = Math.floor((done / total) * BAR_CELLS);
      this.#redraw(`  ${'█'.repeat(cells)}${'░'.repeat(BAR_CELLS - cells)}${this.#rate.line(progress, nowMs) ?? ''}`);
    }
  }

  /** Removes the bar. */
  clear(): void {
    if (this.#drawn) this.#io.terminal?.write(CLEAR_LINE);
    this.#drawn = false;
    this.#lastDrawnMs = -Infinity;
  }

  #redraw(line: string): void {
    const { terminal } = this.#io;
    const nowMs = performance.now();
    if (this.#quiet || !terminal || !this.#isDue(nowMs)) return;
    terminal.write(CLEAR_LINE + printableLine(line).slice(0, Math.max(0, terminal.columns - 1)));
    this.#drawn = true;
    this.#lastDrawnMs = nowMs;
  }

  #isDue(nowMs: number): boolean {
    return nowMs - this.#lastDrawnMs >= REDRAW_MS;
  }
}
