// The default trainer: ridge towards the base adapter for the alignment (align/align-site.ts), the cross-validated
// closed form for the labels (adapt/closed-form.ts). METHOD.md describes the method. It uses no gradients; the seed of
// the folds is its only randomness.

import { adaptClosedForm, type AdaptDecision, type Adaptation } from './adapt/closed-form.ts';
import { openProducts } from '../math/products/open-products.ts';
import { exactDots } from '../math/row-dots.ts';
import type { QueryPath } from './adapter.ts';
import { alignSite, siteStarts, START_VIEW } from './align/align-site.ts';
import { joinQueries } from './labelled-queries.ts';
import { createPause } from '../pause.ts';
import {
  UNJUDGED,
  type AdaptInput,
  type AlignInput,
  type Trained,
  type Trainer,
  type TrainOptions,
} from './trainer.ts';

export const closedFormTrainer: Required<Trainer> = { name: 'closed-form', align, adapt };

async function align(
  { pairs, to, documents, paths, queries, base }: AlignInput,
  { signal, onProgress }: TrainOptions,
): Promise<Partial<Record<QueryPath, Trained>>> {
  const pause = createPause(signal);
  await pause();
  const remote = pairs && alignSite({ ...pairs, queries, base });
  await pause();
  const asked = queries?.remote ?? queries?.local;
  const fit = `Ridge over ${pairs ? pairs.y.length / pairs.dOut : 0} passages${asked ? ' and the queries given' : ''}${base ? ', pulled towards the base adapter' : ', without a base adapter'}`;
  const trained: Partial<Record<QueryPath, Trained>> = {};
  const starts = siteStarts(remote, to, documents, paths, queries);
  for (const [path, { start, adapter }] of starts) {
    const what = {
      static: 'The static query encoder as it is',
      local: 'The small model as it is',
      remote: fit,
      both: `${fit}, joined with the small model’s own vector`,
    }[path];
    const { whitening, centring } = START_VIEW[path];
    trained[path] = {
      ...UNJUDGED,
      ...computedOn(),
      adapter,
      start,
      note: `${what}${documents && whitening > 0 ? '; documents whitened a little' : ''}${asked && centring > 0 ? ', queries centred' : ''}.`,
    };
    onProgress?.({
      stage: 'align',
      step: Object.keys(trained).length,
      steps: starts.size,
      loss: null,
      validationLoss: null,
    });
    await pause();
  }
  return trained;
}

async function adapt(
  { training, validation, documents, dots = exactDots(documents), ...input }: AdaptInput,
  { seed, signal, onProgress }: TrainOptions,
): Promise<Trained> {
  const result = await adaptClosedForm({
    ...input,
    ...joinQueries(training, validation),
    vectors: documents,
    dots,
    seed,
    signal,
    onProgress: ({ step, steps }) => onProgress?.({ stage: 'adapt', step, steps, loss: null, validationLoss: null }),
  });
  return { ...trainedOf(result), device: dots.kind, refused: dots.refused };
}

/** Where the products of matrices are computed that need float64; queries may be ranked elsewhere. */
function computedOn(): Pick<Trained, 'device' | 'refused'> {
  const { products, refused } = openProducts();
  return { device: products.kind, refused };
}

const REASONS = {
  applied: '',
  'no-clear-gain': 'no setting was clearly better in cross-validation',
  'loses-on-unseen': 'what helped on known passages would have harmed queries about others',
  'too-few-labels': 'too few labelled queries to decide by',
  'one-topic': 'all labels share one passage',
} as const satisfies Record<AdaptDecision, string>;

function trainedOf({
  adapter,
  applied,
  decision,
  baselineNdcg,
  gain,
  gainUnseen,
  heldOut,
  labels,
  ...result
}: Adaptation): Omit<Trained, 'device' | 'refused'> {
  const forced = applied && decision !== 'applied';
  const setting = applied ? settingNote(result) : '';
  const validation = gain && { before: baselineNdcg, after: baselineNdcg + gain.mean };
  const note = !applied
    ? `Nothing changed: ${REASONS[decision]}.`
    : forced
      ? `Forced, although ${REASONS[decision]}. ${setting}`
      : setting;
  return {
    ...UNJUDGED,
    adapter,
    applied,
    decision: forced ? 'forced' : decision,
    validation,
    gain,
    gainUnseen,
    heldOut,
    labels,
    note,
  };
}

function settingNote({ chosen, averaged }: Pick<Adaptation, 'chosen' | 'averaged'>): string {
  if (!chosen) return '';
  const { lambda, nu, whitening, centring } = chosen;
  const learned = lambda === Infinity ? 'only the view changed' : `λ = ${lambda}, ν = ${nu}`;
  return `Closed form by cross-validation: ${learned}, documents whitened with power ${whitening}, queries centred by ${centring}${averaged > 1 ? `; mean of the ${averaged} best settings` : ''}.`;
}
