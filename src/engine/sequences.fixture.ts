// Sequences of calls as a page may make them, in any order, each perhaps aborted or beside the next one.

import fc from 'fast-check';
import type { Answer } from '../answer.ts';
import type { Engine } from '../engine.ts';
import { isEraError } from '../errors.ts';
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
type Operation = (typeof OPERATIONS)[number];

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

/** What came of a sequence. */
export interface Outcome {
  /** The one that was open at its end, if any. */
  readonly collection: Collection | undefined;
  /** Rejections with anything but a typed error or the reason of the call's abort. */
  readonly unexpected: readonly unknown[];
}

/** @param settled waits for a call, however long its clock takes; it may refuse to */
export async function runSequence(
  setting: CallSetting,
  engine: Engine,
  sequence: readonly Step[],
  settled: (call: Promise<unknown>, what: string) => Promise<void>,
): Promise<Outcome> {
  let collection: Collection | undefined;
  const unexpected: unknown[] = [];
  const running: Promise<void>[] = [];
  const timers: ReturnType<typeof setTimeout>[] = [];
  try {
    for (const { operation, abortMs, isAtOnce } of sequence) {
      const controller = new AbortController();
      const reason = new DOMException('Enough.', 'AbortError');
      if (abortMs !== null) timers.push(setTimeout(() => controller.abort(reason), abortMs));
      const opened = operation === 'open' ? undefined : collection;
      const call = run(setting, engine, opened, operation, controller.signal).then(
        (used) => {
          collection = used;
        },
        (error: unknown) => {
          if (error !== reason && (!isEraError(error) || isEraError(error, 'internal'))) unexpected.push(error);
        },
      );
      running.push(call);
      if (!isAtOnce) await settled(call, operation);
    }
    await settled(Promise.all(running), 'those that ran at once');
    return { collection, unexpected };
  } finally {
    timers.forEach(clearTimeout);
  }
}

/** @returns the collection that it was done with, undefined once that is closed; it is opened where there is none */
async function run(
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

/**
 * The answer of the third try at last: a worker that has ended, or is in a loop without end, may be found out by the
 * calls that wait for it, which end with `worker-died` and can be repeated.
 */
export async function searched(open: () => Promise<Collection>, text: string): Promise<Answer> {
  for (let tries = 1; ; tries++)
    try {
      return await (await open()).search(text).best();
    } catch (error) {
      if (tries === 3) throw error;
    }
}
