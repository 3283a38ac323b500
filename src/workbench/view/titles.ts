// Display names of query paths, trainers, adapters and rankings.

import type { QueryPath, SearchMode, TrainerName, UsedAdapter } from '../../index.ts';
import type { Comparison, Ranking } from '../state.ts';

export const PATHS: Readonly<Record<QueryPath, string>> = {
  both: 'Both models',
  remote: 'Remote model only',
  local: 'Small model only (offline)',
};

export const COMPARISONS: Readonly<Record<Comparison, string>> = {
  modes: 'Words, meaning, both',
  'hybrid-stages': 'Stages of learning, as searched',
  'dense-stages': 'Stages of learning, meaning alone',
};

export const MODES: Readonly<Record<SearchMode, string>> = { keyword: 'Words', dense: 'Meaning', hybrid: 'Together' };

interface Words {
  readonly title: string;
  readonly note: string;
}

/** Those that the page offers. */
export const TRAINERS: Readonly<Record<Exclude<TrainerName, 'own'>, Words>> = {
  'closed-form': {
    title: 'Closed form (default)',
    note: 'ridge towards a base adapter, then a few labels in closed form, checked by cross-validation; seconds',
  },
  era: {
    title: 'ERA, as in the paper',
    note: 'gradient training, remote path only; minutes. It is shown beside the default and does not replace it',
  },
};

const ADAPTERS: Readonly<Record<TrainerName, Readonly<Record<Exclude<UsedAdapter['stage'], 'none'>, Words>>>> = {
  'closed-form': {
    aligned: { title: 'Aligned', note: 'learned without labels' },
    adapted: { title: 'Adapted', note: 'learned from labels' },
  },
  era: {
    aligned: { title: 'ERA, aligned', note: 'remote model only, without labels' },
    adapted: { title: 'ERA, adapted', note: 'remote model only, from labels' },
  },
  own: {
    aligned: { title: 'Your trainer, aligned', note: 'without labels' },
    adapted: { title: 'Your trainer, adapted', note: 'from labels' },
  },
};

const ALONE: Words = { title: 'Small model alone', note: 'no adapter, no API' };

export function adapterWords({ stage, trainer }: UsedAdapter): Words {
  return trainer === null || stage === 'none' ? ALONE : ADAPTERS[trainer][stage];
}

export function rankingWords({ name, stage, trainer }: Ranking, compare: Comparison): Words {
  if (compare !== 'modes') return adapterWords({ stage: stage === 'best' ? 'none' : stage, trainer });
  if (name === 'best') return { title: 'Together', note: 'keywords and meaning, as a visitor gets it' };
  if (name === 'plain')
    return { title: 'Without the adapter', note: 'keywords and the small model without an adapter' };
  return name === 'keyword' ? { title: 'Words', note: 'BM25' } : { title: 'Meaning', note: 'cosine of vectors' };
}
