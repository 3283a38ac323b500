// Derives the columns from the state, and the differences between their answers. Pure.

import type { Answer, CollectionInfo, QueryPath, SlotInfo } from '../index.ts';
import type { Ranking, State } from './state.ts';

/** Best first. */
const PATHS: readonly QueryPath[] = ['both', 'remote', 'local', 'static'];

/**
 * The path whose adapters are compared, trained in curves and saved: the chosen one, else the best that has an adapter.
 */
export function shownPath({
  path,
  status,
}: {
  readonly path: State['path'];
  readonly status: Pick<State['status'], 'adapters'>;
}): QueryPath {
  return (
    path ??
    PATHS.find((candidate) =>
      status.adapters.some((slot) => slot.path === candidate && slot.trainer === 'closed-form'),
    ) ??
    'local'
  );
}

export function rankings(
  state: Pick<State, 'compare' | 'path'> & {
    readonly status: Pick<State['status'], 'adapters'> & {
      readonly info: Pick<CollectionInfo, 'readsWithoutModel'> | null;
    };
  },
): Ranking[] {
  const { compare, path, status } = state;
  const { adapters } = status;
  if (compare === 'modes') {
    const best: Ranking = {
      name: 'best',
      mode: 'hybrid',
      path,
      stage: 'best',
      trainer: null,
      against: adapters.length > 0 ? 'plain' : null,
    };
    const plain: Ranking[] =
      adapters.length > 0
        ? [{ name: 'plain', mode: 'hybrid', path: 'local', stage: 'none', trainer: null, against: null }]
        : [];
    return [
      best,
      ...plain,
      ...(status.info?.readsWithoutModel && path !== 'static'
        ? [{ name: 'table', mode: 'hybrid', path: 'static', stage: 'best', trainer: null, against: 'best' } as const]
        : []),
      { name: 'keyword', mode: 'keyword', path: undefined, stage: 'none', trainer: null, against: null },
      { name: 'dense', mode: 'dense', path, stage: 'best', trainer: null, against: null },
    ];
  }
  const mode = compare === 'dense-stages' ? 'dense' : 'hybrid';
  const chosen = shownPath(state);
  const has = (wanted: Pick<SlotInfo, 'path' | 'trainer' | 'stage'>): boolean =>
    adapters.some(
      (slot) => slot.path === wanted.path && slot.trainer === wanted.trainer && slot.stage === wanted.stage,
    );
  const learned = (['aligned', 'adapted'] as const).flatMap((stage): Ranking[] =>
    has({ path: chosen, trainer: 'closed-form', stage })
      ? [{ name: stage, mode, path: chosen, stage, trainer: 'closed-form', against: 'plain' }]
      : [],
  );
  const era = (['adapted', 'aligned'] as const).find((stage) => has({ path: 'remote', trainer: 'era', stage }));
  return [
    {
      name: 'plain',
      mode,
      path: chosen === 'static' ? chosen : 'local',
      stage: 'none',
      trainer: null,
      against: null,
    },
    ...learned,
    ...(era ? [{ name: 'era', mode, path: 'remote', stage: era, trainer: 'era', against: 'plain' } as const] : []),
  ];
}

/** Name of the file that the adapter is saved in. */
export function adapterFile({ path, stage, trainer }: Omit<SlotInfo, 'provenance' | 'isKept'>): string {
  return `${trainer === 'era' ? 'era-' : ''}${path}-${stage}.safetensors`;
}

/** Number of the page → its rank, from 1. */
export function placesOf({ pages }: Answer): ReadonlyMap<number, number> {
  return new Map(pages.map(({ page }, i) => [page, i + 1]));
}

/** A page whose rank is another; null where it is not among the results. */
export interface Move {
  readonly name: string;
  readonly was: number | null;
  readonly now: number | null;
}

/** Pages whose rank differs, by the new order, then those that are no longer there. */
export function movesOf(before: Answer, after: Answer): Move[] {
  const was = placesOf(before);
  const now = placesOf(after);
  const name = ({ title, url }: Answer['pages'][number]): string => (title === '' ? (url ?? '') : title);
  return [
    ...after.pages.map((page, i) => ({ name: name(page), was: was.get(page.page) ?? null, now: i + 1 })),
    ...before.pages
      .filter(({ page }) => !now.has(page))
      .map((page) => ({ name: name(page), was: was.get(page.page)!, now: null })),
  ].filter((move) => move.was !== move.now);
}

/** Whether no word of the question, nor a correction of one, is in the collection; null where no column tells. */
export function isWithoutWords(answers: readonly (Answer | null)[]): boolean | null {
  const words = answers.find((answer) => answer?.source.ranking === 'keyword' && !answer.degraded);
  return words ? words.pages.length === 0 : null;
}
