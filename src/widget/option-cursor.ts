// The active option and how the arrow keys move it: it wraps at both ends and is identified by key, so that it stays
// active when options move.

import type { Option, OptionGroup } from './view/options.ts';

export class OptionCursor {
  activeKey: string | null = null;

  /** @param step 1 for down, -1 for up */
  move(groups: readonly OptionGroup[], step: 1 | -1): void {
    const options = flat(groups);
    if (options.length === 0) return;
    const at = options.findIndex(({ key }) => key === this.activeKey);
    const next = at === -1 ? (step === 1 ? 0 : options.length - 1) : (at + step + options.length) % options.length;
    this.activeKey = options[next]!.key;
  }

  clear(): void {
    this.activeKey = null;
  }

  active(groups: readonly OptionGroup[]): Option | null {
    return flat(groups).find(({ key }) => key === this.activeKey) ?? null;
  }

  /** Number of the active option on the screen; -1 for none. */
  index(groups: readonly OptionGroup[]): number {
    return this.activeKey === null ? -1 : flat(groups).findIndex(({ key }) => key === this.activeKey);
  }
}

function flat(groups: readonly OptionGroup[]): Option[] {
  return groups.flatMap(({ options }) => options);
}
