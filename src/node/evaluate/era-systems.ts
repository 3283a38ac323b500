// ERA as published, in its modes: one general adapter over all tasks (aligned only, labels only, both stages), an
// adapter for each domain, and for each domain an adapter trained on the others. All of them are measured on the same
// evaluation parts; ERA itself measures a left-out domain on all its queries.

import { applyAdapter } from '../../adapter/adapter.ts';
import { EraError } from '../../errors.ts';
import type { System } from './system.ts';
import { EraAdapters, type EraSetting, type EraTraining } from './era-adapters.ts';
import type { Method } from './systems.ts';
import { queryRows, remoteOf } from './vector-tasks.ts';

/** The tasks that a task's adapter is trained on. */
type Group = Pick<EraTraining, 'group' | 'names'>;

/**
 * @param domains task → domain
 * @throws EraError `invalid-option` where a domain is to be left out and there is no other
 */
export function eraSystems(
  setting: EraSetting,
  domains: ReadonlyMap<string, string>,
  methods: readonly Method[],
  ratios: readonly number[],
): System[] {
  const { names } = setting.tasks;
  const domainOf = (task: string): string => domains.get(task)!;
  if (methods.includes('era-lodo') && new Set(names.map(domainOf)).size < 2) {
    throw new EraError(
      'invalid-option',
      'era-lodo learns from other domains, and the tasks are all of one: name their domains with --domains.',
    );
  }
  const adapters = new EraAdapters(setting);
  const all = (): Group => ({ group: 'all tasks', names });
  const own = (task: string): Group => ({
    group: `domain ${domainOf(task)}`,
    names: names.filter((name) => domainOf(name) === domainOf(task)),
  });
  const others = (task: string): Group => ({
    group: `all but domain ${domainOf(task)}`,
    names: names.filter((name) => domainOf(name) !== domainOf(task)),
  });

  const system = (
    method: Method,
    groupOf: (task: string) => Group,
    training: Pick<EraTraining, 'stages' | 'ratio'>,
  ): System => ({
    method,
    path: 'remote',
    ratio: training.ratio,
    learn: async () => {
      const seconds = new Map<string, number>();
      for (const task of names) {
        const group = groupOf(task);
        seconds.set(group.group, (await adapters.get({ ...group, ...training })).seconds);
      }
      return [...seconds.values()].reduce((sum, each) => sum + each, 0);
    },
    answer: async (task, { evaluation }) => {
      const { adapter } = await adapters.get({ ...groupOf(task.name), ...training });
      return { queries: applyAdapter(adapter, queryRows(task, remoteOf(task).queries, evaluation)) };
    },
  });
  const aligned = { stages: 'aligned', ratio: 0 } as const;
  const withLabels = (method: Method, groupOf: (task: string) => Group, stages: 'both' | 'labels'): System[] =>
    ratios.filter((ratio) => ratio > 0).map((ratio) => system(method, groupOf, { stages, ratio }));
  const atAllRatios = (method: Method, groupOf: (task: string) => Group): System[] => [
    ...(ratios.includes(0) ? [system(method, groupOf, aligned)] : []),
    ...withLabels(method, groupOf, 'both'),
  ];
  const made: Partial<Record<Method, () => System[]>> = {
    'era-align': () => [system('era-align', all, aligned)],
    'era-labels': () => withLabels('era-labels', all, 'labels'),
    era: () => atAllRatios('era', all),
    'era-domain': () => atAllRatios('era-domain', own),
    'era-lodo': () => atAllRatios('era-lodo', others),
  };
  return methods.flatMap((method) => made[method]?.() ?? []);
}
