// Sequences of calls as a page may make them, in any order, each perhaps aborted or beside the next one.

import fc from 'fast-check';
import type { Engine } from '../engine.ts';
import type { LabelledQuery } from '../evaluate/task.ts';
import type { Collection } from './collection.ts';

const OPERATIONS = [
  'open',
  'search',
  'dense',
  'complete',
  'align',
  'adapt',
  'curve',
  'import',
  'revert',
  'tune',
  'close',
] as const;
export type Operation = (typeof OPERATIONS)[number];

export interface Step {
  readonly operation: Operation;
  /** Milliseconds until it is aborted, where it can be; null for never. */
  readonly abortMs: number | null;
  /** Whether the next step begins before this one has ended. */
  readonly isAtOnce: boolean;
}

export const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.record<Step>({
    operation: fc.constantFrom(...OPERATIONS),
    abortMs: fc.option(fc.constantFrom(0, 1, 500, 20_000)),
    isAtOnce: fc.boolean(),
  }),
  { minLength: 1, maxLength: 8 },
);

/** What calls are made with. */
export interface CallSetting {
  readonly open: (engine: Engine, signal?: AbortSignal) => Promise<Collection>;
  readonly labels: readonly LabelledQuery[];
  /** Whose adapter is exported and imported. */
  readonly path: 'local' | 'remote';
}

/** @returns the collection that it was done with, undefined once that is closed; it is opened where there is none */
export async function run(
  { open, labels, path }: CallSetting,
  engine: Engine,
  opened: Collection | undefined,
  operation: Operation,
  signal: AbortSignal,
): Promise<Collection | undefined> {
  const collection = opened ?? (await open(engine, signal));
  switch (operation) {
    case 'open':
      break;
    case 'search':
      await collection.search('words', { signal }).best();
      break;
    case 'dense':
      await collection.search('words', { signal, mode: 'dense' }).best();
      break;
    case 'complete':
      await collection.download({ signal });
      break;
    case 'align':
      await collection.align({ signal, queries: ['one', 'two'] });
      break;
    case 'adapt':
      await collection.adapt(labels, { signal });
      break;
    case 'curve':
      await collection.learningCurve(labels, { signal });
      break;
    case 'import':
      await collection.importAdapter(collection.exportAdapter(path));
      break;
    case 'revert':
      await collection.revert('none');
      break;
    case 'tune':
      await collection.tune({});
      break;
    case 'close':
      collection.close();
      return undefined;
  }
  return collection;
}
