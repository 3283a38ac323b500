// How query paths, trainers and adapters are called on this page.

import type { QueryPath, TrainerName, UsedAdapter } from '../../index.ts';

export const PATHS: Readonly<Record<QueryPath, string>> = {
  both: 'Both models',
  remote: 'Remote model only',
  local: 'Small model only (offline)',
};

interface Words {
  readonly title: string;
  readonly note: string;
}

export const TRAINERS: Readonly<Record<TrainerName, Words>> = {
  'closed-form': { title: 'Closed form (default)', note: 'ridge towards a base adapter, then a few labels in closed form, checked by cross-validation; seconds' },
  era: { title: 'ERA, as in the paper', note: 'gradient training, remote path only; minutes. It is shown beside the default and does not replace it' },
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
};

export function adapterWords({ stage, trainer }: UsedAdapter): Words {
  return trainer === null || stage === 'none' ? { title: 'Small model alone', note: 'no adapter, no API' } : ADAPTERS[trainer][stage];
}
