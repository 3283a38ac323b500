import type { Mutant } from '../mutant.ts';

export const adapter: readonly Mutant[] = [
  {
    id: 'whitening-inverted',
    file: 'align/whiten.ts',
    find: `+ RIDGE_SHARE) ** -power`,
    replace: `+ RIDGE_SHARE) ** power`,
    breaks: 'Directions that all documents share count for more instead of less.',
  },
  {
    id: 'folds-leak-passages',
    file: 'adapt/folds.ts',
    find: `.filter((query) => !positives[query]!.some((passage) => shown.has(passage)))`,
    replace: '',
    breaks: 'A query is held out by passage and its passage is learned from all the same.',
  },
  {
    id: 'loss-on-unseen-accepted',
    file: 'adapt/closed-form.ts',
    find: `return mean(unseen.get(i)!) >= baselineNdcg;`,
    replace: `return mean(unseen.get(i)!) >= 0;`,
    breaks: 'Settings that harm queries about other passages are averaged in.',
  },
  {
    id: 'join-bias-unweighted',
    file: 'initial.ts',
    find: `(1 - localWeight) * remote.bias[o]!;`,
    replace: `remote.bias[o]!;`,
    breaks: 'The bias of the remote part counts fully in the joint map.',
  },
  {
    id: 'intercept-penalised',
    file: 'align/pooled-ridge.ts',
    find: `for (let j = 0; j < dIn; j++) inner.values`,
    replace: `for (let j = 0; j <= dIn; j++) inner.values`,
    breaks: 'The intercept of the pooled fit is pulled to zero too.',
  },
  {
    id: 'judged-as-negatives',
    file: 'adapt/hard-negatives.ts',
    find: `!judged[i]!.has(passage) && `,
    replace: '',
    breaks: 'A passage with a label is learned from as a hard negative.',
  },
  {
    id: 'factor-from-few-labels',
    file: 'adapt/keyword-factor.ts',
    find: `best === undefined || relevant.length < LEAST_QUERIES`,
    replace: `best === undefined`,
    breaks: 'A handful of labels decides how much keywords count.',
  },
  {
    id: 'abort-not-heard',
    file: '../pause.ts',
    find: `
    signal?.throwIfAborted();`,
    replace: '',
    breaks: 'A training run that was cancelled goes on to its end.',
  },
];
