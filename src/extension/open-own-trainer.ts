// The trainer of an extension, opened and checked: what it learns is an adapter, or an error of ours.

import type { HeldOutQueries } from '../adapter/adapt/closed-form.ts';
import { checkAdapter } from '../adapter/adapter.ts';
import { closedFormTrainer } from '../adapter/closed-form-trainer.ts';
import { positivesOf, usableQueries, type LabelledQueries } from '../adapter/labelled-queries.ts';
import type { Trained, Trainer } from '../adapter/trainer.ts';
import { EraError } from '../errors.ts';
import { assertVectors } from '../math/vector.ts';
import type { Extension } from './extension.ts';
import { outsideWork } from './outside-work.ts';

const FAILED = 'The trainer of the extension failed';

/**
 * @throws EraError `invalid-option` where the extension has none, `bad-extension` where it cannot be opened. Its calls:
 * `bad-extension` for a failure of any kind and for a result without an adapter, what `checkAdapter` throws, and the
 * signal's reason
 */
export async function openOwnTrainer({ openTrainer }: Extension): Promise<Required<Trainer>> {
  if (!openTrainer)
    throw new EraError('invalid-option', 'The trainer “own” is that of an extension, and none has one.', {
      details: { option: 'trainer' },
    });
  const trainer = await outsideWork(FAILED, () => openTrainer(closedFormTrainer));
  if (typeof trainer.align !== 'function' || typeof trainer.adapt !== 'function')
    throw new EraError('bad-extension', 'The trainer of the extension needs align and adapt.');
  return {
    name: 'own',
    async align(input, options) {
      const outcome = await outsideWork(FAILED, () => trainer.align(input, options), options);
      for (const trained of Object.values(outcome)) checkTrained(trained);
      return outcome;
    },
    async adapt(input, options) {
      const { start, documents } = input;
      if (documents.dims !== start.dOut)
        throw new EraError(
          'dimension-mismatch',
          `The documents have ${documents.dims} dimensions, and what is learned on leads to ${start.dOut}.`,
        );
      const usable = (queries: LabelledQueries): LabelledQueries =>
        usableQueries(queries, start.dIn, documents.scales.length);
      const training = usable(input.training);
      const validation = usable(input.validation);
      if (training.relevant.length === 0)
        throw new EraError('no-labels', 'No labelled query has a relevant passage to learn from.');
      const trained = await outsideWork(
        FAILED,
        () => trainer.adapt({ ...input, training, validation }, options),
        options,
      );
      options.signal?.throwIfAborted();
      checkTrained(trained);
      const given = [...input.training.relevant, ...input.validation.relevant];
      const kept = [...given.keys()].filter((i) => positivesOf(given[i]!).length > 0);
      return { ...trained, heldOut: trained.heldOut ? numbered(trained.heldOut, kept, start.dOut) : null };
    },
  };
}

/** By the numbers of the queries before unusable ones were left out. */
function numbered(
  { queries, byQuery, byPassage }: HeldOutQueries,
  kept: readonly number[],
  dims: number,
): HeldOutQueries {
  for (const vectors of [byQuery, byPassage]) {
    assertVectors(vectors, dims, 'The queries held out');
    if (vectors.length !== queries.length * dims || !queries.every((query) => query in kept))
      throw new EraError('bad-extension', 'The trainer of the extension held out other queries than it was given.');
  }
  return { queries: queries.map((query) => kept[query]!), byQuery, byPassage };
}

function checkTrained(trained: Partial<Trained> | undefined): void {
  if (!trained?.adapter || !Array.isArray(trained.refused))
    throw new EraError('bad-extension', 'The trainer of the extension gave no adapter.');
  checkAdapter(trained.adapter);
}
