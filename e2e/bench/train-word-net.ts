// Trains the net that weighs the words of a query (src/encode/static/word-weights.ts) by gradients, which are written out
// by hand: the net has some hundred numbers.

import { FEATURES, LARGEST, type WordNet } from '../../src/encode/static/word-weights.ts';
import { Random } from '../../src/math/random.ts';

/** A query, its words, and the documents that its training compares. */
export interface TrainingQuery {
  /** [words] rows of FEATURES. */
  readonly features: readonly (readonly number[])[];
  /** How often each word is in the query. */
  readonly counts: readonly number[];
  /** [words, words]: products of the words' vectors. */
  readonly gram: Float32Array;
  /** [words, documents]: products of the words' vectors with the documents'. */
  readonly products: Float32Array;
  /** [words]: products of the words' vectors with the query's vector by the model. */
  readonly toModel: Float32Array;
  /** [documents]: cosines of the model. */
  readonly model: Float32Array;
  /** [documents]: grades, of sum 1. */
  readonly grades: Float32Array;
  /** Weight of the query: tasks count alike. */
  readonly weight: number;
}

const HIDDEN = 6;
const EPOCHS = 10;
const BATCH = 96;
const RATE = 0.02;
const DECAY = 1e-3;
const FIRST_DEVIATION = 0.15;
/** Share of each part of the loss: the direction of the model's vector, its scores, and the labels. */
const LOSS = { direction: 4, scores: 0.5, labels: 0.5 } as const;
/** Temperatures of scores and labels. */
const SCORES_AT = 0.04;
const LABELS_AT = 0.05;

/** Numbers of the net, one after another: linear, hidden, hiddenBias, out. */
const SIZE = FEATURES + HIDDEN * (FEATURES + 2);
const HIDDEN_AT = FEATURES;
const BIAS_AT = HIDDEN_AT + HIDDEN * FEATURES;
const OUT_AT = BIAS_AT + HIDDEN;

/** @param seed of the first numbers and of the order of queries */
export function trainWordNet(queries: readonly TrainingQuery[], seed: number): WordNet {
  const random = new Random(seed);
  const { mean, deviation } = scalesOf(queries);
  const scaled = queries.map(({ features }) =>
    features.map((x) => x.map((value, f) => (value - mean[f]!) / deviation[f]!)),
  );
  const net = Float64Array.from({ length: SIZE }, (_, at) =>
    at >= HIDDEN_AT && at < BIAS_AT ? FIRST_DEVIATION * random.normal() : 0,
  );
  const first = new Float64Array(SIZE);
  const second = new Float64Array(SIZE);
  const batches = Math.floor(queries.length / BATCH);
  const all = Array.from(queries.keys());
  let step = 0;
  for (let epoch = 0; epoch < EPOCHS; epoch++) {
    const order = random.sample(all, all.length);
    for (let b = 0; b < batches; b++) {
      step++;
      const gradient = net.map((value) => 2 * DECAY * value);
      const batch = order.slice(b * BATCH, (b + 1) * BATCH);
      const total = batch.reduce((sum, q) => sum + queries[q]!.weight, 0);
      for (const q of batch) addGradient(net, scaled[q]!, queries[q]!, queries[q]!.weight / total, gradient);
      const rate = RATE * (1 - step / (EPOCHS * batches + 1));
      for (let i = 0; i < SIZE; i++) {
        first[i] = 0.9 * first[i]! + 0.1 * gradient[i]!;
        second[i] = 0.99 * second[i]! + 0.01 * gradient[i]! ** 2;
        net[i]! -= (rate * first[i]!) / (1 - 0.9 ** step) / (Math.sqrt(second[i]! / (1 - 0.99 ** step)) + 1e-8);
      }
    }
  }
  return unscaled(net, mean, deviation);
}

function scalesOf(queries: readonly TrainingQuery[]): { mean: number[]; deviation: number[] } {
  const rows = queries.flatMap(({ features }) => features);
  const each = Array.from({ length: FEATURES }, (_, f) => f);
  const mean = each.map((f) => rows.reduce((sum, x) => sum + x[f]!, 0) / rows.length);
  const deviation = each.map(
    (f) => Math.sqrt(rows.reduce((sum, x) => sum + (x[f]! - mean[f]!) ** 2, 0) / rows.length) + 1e-6,
  );
  return { mean, deviation };
}

function addGradient(
  net: Float64Array,
  x: readonly (readonly number[])[],
  { counts, gram, products, toModel, model, grades }: TrainingQuery,
  weight: number,
  gradient: Float64Array,
): void {
  const words = counts.length;
  const documents = model.length;
  const activations = x.map((row) =>
    Array.from({ length: HIDDEN }, (_, h) => {
      let sum = net[BIAS_AT + h]!;
      for (let f = 0; f < FEATURES; f++) sum += net[HIDDEN_AT + h * FEATURES + f]! * row[f]!;
      return Math.tanh(sum);
    }),
  );
  const logits = x.map((row, j) => {
    let sum = 0;
    for (let f = 0; f < FEATURES; f++) sum += net[f]! * row[f]!;
    for (let h = 0; h < HIDDEN; h++) sum += net[OUT_AT + h]! * activations[j]![h]!;
    return sum;
  });
  const w = logits.map((z, j) => counts[j]! * Math.exp(Math.min(LARGEST, Math.max(-LARGEST, z))));
  const toAll = w.map((_, j) => w.reduce((sum, value, k) => sum + value * gram[j * words + k]!, 0));
  const length = Math.sqrt(w.reduce((sum, value, j) => sum + value * toAll[j]!, 0) + 1e-9);
  const scores = new Float64Array(documents);
  for (let j = 0; j < words; j++)
    for (let d = 0; d < documents; d++) scores[d]! += (w[j]! / length) * products[j * documents + d]!;
  const wanted = softmax(model, SCORES_AT);
  const found = softmax(scores, SCORES_AT);
  const ranked = softmax(scores, LABELS_AT);
  const ofScores = scores.map(
    (_, d) =>
      (LOSS.scores * (found[d]! - wanted[d]!)) / SCORES_AT + (LOSS.labels * (ranked[d]! - grades[d]!)) / LABELS_AT,
  );
  const ofWords = w.map((_, j) => {
    let sum = -LOSS.direction * toModel[j]!;
    for (let d = 0; d < documents; d++) sum += ofScores[d]! * products[j * documents + d]!;
    return sum;
  });
  const along = w.reduce((sum, value, j) => sum + value * ofWords[j]!, 0) / length ** 3;
  x.forEach((row, j) => {
    if (Math.abs(logits[j]!) >= LARGEST) return;
    const slope = weight * w[j]! * (ofWords[j]! / length - along * toAll[j]!);
    for (let f = 0; f < FEATURES; f++) gradient[f]! += slope * row[f]!;
    for (let h = 0; h < HIDDEN; h++) {
      const active = activations[j]![h]!;
      gradient[OUT_AT + h]! += slope * active;
      const inner = slope * net[OUT_AT + h]! * (1 - active ** 2);
      gradient[BIAS_AT + h]! += inner;
      for (let f = 0; f < FEATURES; f++) gradient[HIDDEN_AT + h * FEATURES + f]! += inner * row[f]!;
    }
  });
}

function softmax(scores: ArrayLike<number>, temperature: number): Float64Array {
  let most = -Infinity;
  for (let i = 0; i < scores.length; i++) most = Math.max(most, scores[i]!);
  const powers = Float64Array.from({ length: scores.length }, (_, i) => Math.exp((scores[i]! - most) / temperature));
  const sum = powers.reduce((a, b) => a + b, 0);
  return powers.map((value) => value / sum);
}

/** The net of features as they are, of as many digits as are worth their bytes. */
function unscaled(net: Float64Array, mean: readonly number[], deviation: readonly number[]): WordNet {
  const round = (value: number): number => Number(value.toFixed(3));
  const rowAt = (at: number): number[] => Array.from({ length: FEATURES }, (_, f) => net[at + f]! / deviation[f]!);
  const shift = (row: readonly number[]): number => row.reduce((sum, value, f) => sum + value * mean[f]!, 0);
  const linear = rowAt(0);
  const hidden = Array.from({ length: HIDDEN }, (_, h) => rowAt(HIDDEN_AT + h * FEATURES));
  return {
    linear: linear.map(round),
    bias: round(-shift(linear)),
    hidden: hidden.map((row) => row.map(round)),
    hiddenBias: hidden.map((row, h) => round(net[BIAS_AT + h]! - shift(row))),
    out: Array.from(net.subarray(OUT_AT), round),
  };
}
