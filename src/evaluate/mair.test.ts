import { expect, test } from 'vitest';
import { MAIR_TASKS, mairTask } from './mair.ts';

test('126 tasks with names of their own, in six domains of the known sizes', () => {
  expect(MAIR_TASKS).toHaveLength(126);
  expect(new Set(MAIR_TASKS.map(({ name }) => name)).size).toBe(126);
  const sizes: Record<string, number> = {};
  for (const { domain } of MAIR_TASKS) sizes[domain] = (sizes[domain] ?? 0) + 1;
  expect(sizes).toEqual({ Academic: 16, Code: 18, Finance: 8, Legal: 11, Medical: 19, Web: 54 });
});

test('finds a task by name, with its domain', () => {
  expect(mairTask('TAT-DQA')?.domain).toBe('Finance');
  expect(mairTask('FairRanking_2020')?.domain).toBe('Academic');
  expect(mairTask('FairRanking_2021')?.domain).toBe('Web');
  expect(mairTask('CQADupStack.CQADupStack_Android')).toBe(mairTask('CQADupStack'));
  expect(mairTask('NL2Bash')).toBeUndefined();
  expect(mairTask('')).toBeUndefined();
});

test('twelve corpora are shared, by 31 tasks', () => {
  const groups = new Map<string, string[]>();
  for (const { name, corpus } of MAIR_TASKS) groups.set(corpus, [...(groups.get(corpus) ?? []), name]);
  const shared = [...groups].filter(([, tasks]) => tasks.length > 1);
  expect(shared).toHaveLength(12);
  expect(shared.flatMap(([, tasks]) => tasks)).toHaveLength(31);
  expect(groups.get('AY2')).toEqual(['AY2', 'ELI5', 'Fever', 'TREx', 'WnCw', 'WnWi', 'WoW', 'zsRE']);
  expect(groups.get('CliniDS_2014')).toEqual(['CliniDS_2014', 'CliniDS_2015', 'CliniDS_2016']);
  for (const corpus of groups.keys()) expect(mairTask(corpus)?.corpus, corpus).toBe(corpus);
});

test('three tasks come in sub-splits', () => {
  expect(MAIR_TASKS.filter(({ subSplits }) => subSplits).map(({ name }) => name)).toEqual([
    'CQADupStack',
    'IFEval',
    'MISeD',
  ]);
});
