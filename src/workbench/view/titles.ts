// Display names of query paths, trainers, adapters and rankings.

import type { QueryPath, SearchMode, TrainerName, UsedAdapter } from '../../index.ts';
import type { Comparison, Ranking } from '../state.ts';

export const PATHS: Readonly<Record<QueryPath, string>> = {
  both: 'Both models',
  remote: 'Remote model only',
  local: 'Small model only (offline)',
  static: 'No model (the collection’s table)',
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
const TABLE: Words = { title: 'Without a model', note: 'the collection’s table alone, no adapter' };

/** @param path whose vectors are meant where no adapter is used */
export function adapterWords({ stage, trainer }: UsedAdapter, path?: QueryPath | null): Words {
  if (trainer === null || stage === 'none') return path === 'static' ? TABLE : ALONE;
  return ADAPTERS[trainer][stage];
}

export function rankingWords({ name, stage, trainer, path }: Ranking, compare: Comparison): Words {
  if (compare !== 'modes') return adapterWords({ stage: stage === 'best' ? 'none' : stage, trainer }, path);
  if (name === 'best') return { title: 'Together', note: 'keywords and meaning, as a visitor gets it' };
  if (name === 'table')
    return { title: 'Without a model', note: 'keywords and the collection’s table, as on a first visit' };
  if (name === 'plain')
    return { title: 'Without the adapter', note: 'keywords and the small model without an adapter' };
  return name === 'keyword' ? { title: 'Words', note: 'BM25' } : { title: 'Meaning', note: 'cosine of vectors' };
}
