// A mutant: one realistic fault in one file of a room, which the tests of that room must notice.

export const ROOMS = ['math', 'store', 'rpc', 'transfer', 'scan', 'query', 'adapter', 'widget'] as const;
export type Room = (typeof ROOMS)[number];

export interface Mutant {
  /** Short name, unique in its room. */
  readonly id: string;
  /** Path below `src/` and the room. */
  readonly file: string;
  /** Text that the file has exactly once. */
  readonly find: string;
  readonly replace: string;
  /** What goes wrong, in one sentence. */
  readonly breaks: string;
  /** A fault that the suites once did not notice: each of these must be killed. @default false */
  readonly isNamed?: true;
}

/** The text of the file with the fault. @throws Error unless `find` is in it exactly once and the text changes */
export function mutated({ file, find, replace }: Omit<Mutant, 'id' | 'breaks'>, text: string): string {
  const count = text.split(find).length - 1;
  if (count !== 1) throw new Error(`The text to replace is in ${file} ${String(count)} times, not once.`);
  if (find === replace) throw new Error(`Nothing changes in ${file}.`);
  return text.replace(find, () => replace);
}
