// Adaptation by a few labelled queries, in closed form: ΔW = argmin Σ ‖ΔWᵀqᵢ − rᵢ‖² + λ‖ΔW‖², where rᵢ = Pᵢ − ν Nᵢ
// points from hard negatives to the relevant passages (for ν = 0, from the query's present output). The result is then
// seen through a view: whitened and centred. λ, ν and the view are chosen by two cross-validations: by query, and by
// passage, where no relevant passage of a held-out query was learned from. The chosen setting may not lose in the
// second. Settings that are as good as the best within the error of measurement are averaged. METHOD.md gives the
// reasons.

import { EraError } from '../../errors.ts';
import { mean, pairedBootstrap } from '../../evaluate/statistics.ts';
import type { RowDots } from '../../math/row-dots.ts';
import { concatRows } from '../../math/vector.ts';
import type { LinearAdapter } from '../adapter.ts';
import { applyToMany } from '../apply-to-many.ts';
import { meanRow } from '../align/output-transform.ts';
import { documentWhitening } from '../align/whiten.ts';
import { createPause } from '../../pause.ts';
import { isClearGain, MIN_IMPROVED, scoreQueries, standardError } from '../selection.ts';
import { averageAdapter, averageOutputs, type WeightedSetting, weighted } from './average.ts';
import { CrossValidation, type Setting, viewTargets } from './cross-validate.ts';
import { foldsByPassage, foldsByQuery, groupsByPassage } from './folds.ts';
import { standardErrorsNeeded } from './label-noise.ts';
import { positivesOf } from '../labelled-queries.ts';
import { type LabelInput, labelTargets, unitRows } from './label-targets.ts';

export interface AdaptClosedFormInput extends LabelInput {
  /**
   * The adapter that is in use and that a change has to improve on, where that is not the start itself but, say, a view
   * of it.
   * @default the start
   */
  readonly inUse?: LinearAdapter | undefined;
  /** [u, dIn]: queries of the site without labels, whose mean is included in the centring. @default none */
  readonly unlabelled?: Float32Array | undefined;
  /** Products with the documents, of which cross-validation ranks the most. @default exact ones */
  readonly dots?: RowDots | undefined;
  /** In units of the mean squared length of a row of `x`. @default 0.3, 1, 3, 10, 30 */
  readonly lambdas?: readonly number[] | undefined;
  /** @default 0, 0.75 */
  readonly nus?: readonly number[] | undefined;
  /** Powers of whitening to try, see `View`. @default 0, 0.25, 0.5 */
  readonly whitening?: readonly number[] | undefined;
  /** Shares of centring to try, see `View`. @default 0, 0.4 */
  readonly centring?: readonly number[] | undefined;
  /** @default 5 */
  readonly folds?: number | undefined;
  /** Applies the best setting even where it is not good enough; `decision` then gives the reason. @default false */
  readonly force?: boolean | undefined;
  readonly seed: number;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: { readonly step: number; readonly steps: number }) => void) | undefined;
}

/**
 * Whether the change was applied, or the reason why the adapter in use was kept (or would have been without `force`).
 */
export type AdaptDecision = 'applied' | 'no-clear-gain' | 'loses-on-unseen' | 'too-few-labels' | 'one-topic';

/** The score of one setting in cross-validation. */
export interface CandidateScore extends Setting {
  /** Cross-validated nDCG@10. */
  readonly ndcg: number;
  /** The same where no relevant passage of a query was learned from; null where the decision did not depend on it. */
  readonly ndcgUnseen: number | null;
}

/** How much better an adapter is than the one in use, in nDCG@10 (−1 to 1), by cross-validation. */
export interface GainInterval {
  /** Mean cross-validated difference in nDCG@10 from the adapter in use. */
  readonly mean: number;
  /** 95 % bootstrap interval over queries. */
  readonly low: number;
  /** Upper end of the interval. */
  readonly high: number;
}

/** Labelled queries as an adapter maps them that has not learned from them. */
export interface HeldOutQueries {
  /** Those with a relevant passage, by their number among all that were given. */
  readonly queries: readonly number[];
  /** [queries.length, dOut], unit rows: each by the labels of other queries. */
  readonly byQuery: Float32Array<ArrayBuffer>;
  /** The same, each by labels of other passages only. */
  readonly byPassage: Float32Array<ArrayBuffer>;
}

/** What adapting by the closed form came to. */
export interface Adaptation {
  /** The one in use unless `applied`. */
  readonly adapter: LinearAdapter;
  readonly applied: boolean;
  readonly decision: AdaptDecision;
  /** The best setting, good enough to apply or not; null when none was better. */
  readonly chosen: Setting | null;
  /** Settings that were averaged, the chosen one among them. */
  readonly averaged: number;
  /** Mean nDCG@10 on the labelled queries of the adapter in use. */
  readonly baselineNdcg: number;
  readonly candidates: readonly CandidateScore[];
  /** Gain of the average; null where there was nothing to choose by. */
  readonly gain: GainInterval | null;
  readonly gainUnseen: GainInterval | null;
  /** The labelled queries as the adapter maps them; null where there was nothing to choose by. */
  readonly heldOut: HeldOutQueries | null;
  readonly labels: {
    /** Queries with a relevant passage. */
    readonly queries: number;
    /** Sets of queries that share no relevant passage with each other. */
    readonly groups: number;
    readonly largestGroup: number;
    /** Share of the queries one of whose relevant passages is another query's too. */
    readonly seenShare: number;
  };
}

const DEFAULTS = {
  lambdas: [0.3, 1, 3, 10, 30],
  nus: [0, 0.75],
  whitening: [0, 0.25, 0.5],
  centring: [0, 0.4],
  folds: 5,
} as const;

/**
 * @throws EraError `no-labels`, `missing-id`, `invalid-input`, `invalid-option`, `dimension-mismatch`, `not-finite`;
 * the signal's reason
 */
export async function adaptClosedForm(input: AdaptClosedFormInput): Promise<Adaptation> {
  const { start, inUse = start, rank, dots, vectors, seed, signal, force = false } = input;
  const { lambdas, nus, whitening, centring, folds } = checkedSettings(input);
  signal?.throwIfAborted();
  const pause = createPause(signal);
  const targets = await labelTargets(input);
  await pause();
  const { relevant, positives } = targets;
  const current = applyToMany(inUse, Float32Array.from(targets.x.values));
  const baseline = await scoreQueries(current, relevant, rank);
  const baselineNdcg = mean(baseline);
  const labels = describeLabels(positives);
  const unchanged = {
    adapter: inUse,
    applied: false,
    chosen: null,
    averaged: 0,
    baselineNdcg,
    candidates: [],
    gain: null,
    gainUnseen: null,
    heldOut: null,
    labels,
  } as const;
  const queries = input.relevant.flatMap((grades, i) => (positivesOf(grades).length > 0 ? [i] : []));
  const heldOut = { queries, byQuery: current, byPassage: current };

  await pause();
  const documents = whitening.some((power) => power > 0) ? documentWhitening(vectors) : null;
  await pause();
  const views = viewTargets(targets, whitening, nus, documents);
  await pause();
  const byQueryFolds = foldsByQuery(labels.queries, folds, seed);
  const byPassageFolds = labels.seenShare > 0 ? foldsByPassage(positives, folds, seed) : byQueryFolds;
  const byQuery = new CrossValidation(targets, views, byQueryFolds, rank, dots);
  await pause();
  const byPassage =
    byPassageFolds === byQueryFolds ? byQuery : new CrossValidation(targets, views, byPassageFolds, rank, dots);
  await pause();
  const applied = (
    settings: readonly WeightedSetting[],
  ): Pick<Adaptation, 'applied' | 'adapter' | 'chosen' | 'averaged'> => {
    const chosen = settingOf(settings);
    const meanInput = meanRow(
      concatRows(Float32Array.from(targets.x.values), input.unlabelled ?? new Float32Array()),
      start.dIn,
    )!;
    const provenance = provenanceOf(start, chosen, settings.length, labels.queries, seed);
    return {
      applied: true,
      adapter: averageAdapter(settings, targets, views, meanInput, provenance),
      chosen,
      averaged: settings.length,
    };
  };
  if (labels.queries < MIN_IMPROVED || byPassageFolds.every((fold) => fold.train.length === 0)) {
    // Nothing to choose by: the middle of the grid is taken.
    const middle = {
      lambda: lambdas[lambdas.length >> 1]!,
      nu: nus[nus.length >> 1]!,
      whitening: whitening[0]!,
      centring: centring[0]!,
    };
    return {
      ...unchanged,
      ...(force ? applied([{ ...middle, share: 1 }]) : {}),
      decision: labels.queries < MIN_IMPROVED ? 'too-few-labels' : 'one-topic',
    };
  }

  const settings = [Infinity, ...lambdas].flatMap((lambda) =>
    (lambda === Infinity ? [0] : nus).flatMap((nu) =>
      whitening.flatMap((power) =>
        centring.map((share): Setting => ({ lambda, nu, whitening: power, centring: share })),
      ),
    ),
  );
  const all: Float64Array[] = [];
  for (let first = 0; first < settings.length; first += centring.length) {
    for (const scores of await byQuery.scoresTogether(settings.slice(first, first + centring.length), pause)) {
      all.push(scores);
      input.onProgress?.({ step: all.length, steps: settings.length });
      await pause();
    }
  }
  const unseen = new Map<number, Float64Array>();
  const isHarmless = async (i: number): Promise<boolean> => {
    if (!unseen.has(i)) {
      unseen.set(i, byPassage === byQuery ? all[i]! : await byPassage.scores(settings[i]!));
      await pause();
    }
    return mean(unseen.get(i)!) >= baselineNdcg;
  };
  const means = all.map((scores) => mean(scores));
  // Best first; of equals the larger λ, which is the smaller change.
  const better = means
    .flatMap((score, i) => (score > baselineNdcg ? [i] : []))
    .sort((a, b) => means[b]! - means[a]! || a - b);
  const close: number[] = [];
  for (const i of better) {
    const [best] = close;
    if (best !== undefined && means[i]! < means[best]! - standardError(all[best]!, all[i]!)) continue;
    if (await isHarmless(i)) close.push(i);
  }
  const candidates = settings.map((setting, i) => ({
    ...setting,
    ndcg: means[i]!,
    ndcgUnseen: unseen.has(i) ? mean(unseen.get(i)!) : null,
  }));
  const refused = better.length > 0 && close.length === 0 ? 'loses-on-unseen' : 'no-clear-gain';
  if (close.length === 0 && !force) return { ...unchanged, candidates, heldOut, decision: refused };

  // A forced change must learn something, so views of the start alone, which sort first, are left out.
  const firstLearned = settings.findIndex(({ lambda }) => lambda < Infinity);
  const top = means.reduce((best, score, i) => (i > firstLearned && score > means[best]! ? i : best), firstLearned);
  const now = views.get(whitening[0]!)!.now;
  const tried = async (places: readonly number[]): Promise<Tried> => {
    const average = weighted(
      places.map((i) => settings[i]!),
      byQuery,
    );
    const outputs = averageOutputs(average, byQuery, now);
    const unseenOutputs = byPassage === byQuery ? outputs : averageOutputs(average, byPassage, now);
    const after = await byQuery.score(outputs);
    return {
      average,
      after,
      unseen: byPassage === byQuery ? after : await byPassage.score(unseenOutputs),
      heldOut: { queries, byQuery: unitRows(outputs), byPassage: unitRows(unseenOutputs) },
    };
  };
  let trial = await tried(close.length > 0 ? close : [top]);
  // The mean of settings that do no harm may still lose a little on unseen passages; the best of them does not.
  if (close.length > 1 && mean(trial.unseen) < baselineNdcg) trial = await tried(close.slice(0, 1));
  const { average, after } = trial;
  const isGood = close.length > 0 && isClearGain(after, baseline, standardErrorsNeeded(targets));
  const chosen = settingOf(average);
  const gain = gainInterval(after, baseline, seed);
  const report = {
    ...unchanged,
    candidates,
    chosen,
    averaged: average.length,
    gain,
    gainUnseen: trial.unseen === after ? gain : gainInterval(trial.unseen, baseline, seed),
  };
  const isUsed = isGood || force;
  return {
    ...report,
    ...(isUsed ? applied(average) : {}),
    heldOut: isUsed ? trial.heldOut : heldOut,
    decision: isGood ? 'applied' : refused,
  };
}

interface Tried {
  readonly average: readonly WeightedSetting[];
  /** Cross-validated nDCG@10 of each query, by query and by passage. */
  readonly after: Float64Array;
  readonly unseen: Float64Array;
  readonly heldOut: HeldOutQueries;
}

interface CheckedSettings {
  /** In descending order. */
  readonly lambdas: readonly number[];
  readonly nus: readonly number[];
  readonly whitening: readonly number[];
  readonly centring: readonly number[];
  readonly folds: number;
}

function checkedSettings(input: AdaptClosedFormInput): CheckedSettings {
  const {
    lambdas = DEFAULTS.lambdas,
    nus = DEFAULTS.nus,
    whitening = DEFAULTS.whitening,
    centring = DEFAULTS.centring,
    folds = DEFAULTS.folds,
  } = input;
  const sound = (values: readonly number[], least: number, most: number): boolean =>
    values.length > 0 && values.every((v) => v >= least && v <= most);
  if (!sound(lambdas, Number.MIN_VALUE, Number.MAX_VALUE) || !sound(nus, 0, Number.MAX_VALUE)) {
    throw new EraError(
      'invalid-option',
      `λ above 0 and ν from 0 up are needed, not ${lambdas.join(', ')} and ${nus.join(', ')}.`,
    );
  }
  if (!sound(whitening, 0, 1))
    throw new EraError('invalid-option', `Powers of whitening are from 0 to 1, not ${whitening.join(', ')}.`);
  if (!sound(centring, 0, 0.99))
    throw new EraError('invalid-option', `Shares of centring are from 0 to 0.99, not ${centring.join(', ')}.`);
  if (!(Number.isInteger(folds) && folds > 1))
    throw new EraError('invalid-option', `At least two folds are needed, not ${folds}.`);
  return {
    lambdas: lambdas.toSorted((a, b) => b - a),
    nus: [...new Set(nus)],
    whitening: [...new Set(whitening)],
    centring: [...new Set(centring)],
    folds,
  };
}

/** The best of the averaged settings. */
function settingOf([best]: readonly WeightedSetting[]): Setting {
  const { lambda, nu, whitening, centring } = best!;
  return { lambda, nu, whitening, centring };
}

function describeLabels(positives: readonly (readonly number[])[]): Adaptation['labels'] {
  const groups = groupsByPassage(positives).map((group) => group.length);
  const alone = groups.filter((size) => size === 1).length;
  return {
    queries: positives.length,
    groups: groups.length,
    largestGroup: Math.max(...groups),
    seenShare: 1 - alone / positives.length,
  };
}

/** Of nDCG@10 per query, by a paired bootstrap over the queries. */
export function gainInterval(after: Float64Array, before: Float64Array, seed: number): GainInterval {
  const { mean: middle, low, high } = pairedBootstrap([after.map((score, i) => score - before[i]!)], { seed });
  return { mean: middle, low, high };
}

function provenanceOf(
  start: LinearAdapter,
  { lambda, nu, whitening, centring }: Setting,
  averaged: number,
  labelledQueries: number,
  seed: number,
): Record<string, string> {
  const own = { lambda, nu, whitening, centring, averaged, labelledQueries, seed };
  return {
    method: 'closed-form',
    ...Object.fromEntries(Object.entries(own).map(([key, value]) => [key, String(value)])),
    ...Object.fromEntries(Object.entries(start.provenance).map(([key, value]) => [`start.${key}`, value])),
  };
}
