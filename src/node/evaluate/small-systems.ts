// The small model alone: its own query vectors against its own passages, with and without the instruction.

import { EraError } from '../../errors.ts';
import type { System } from './system.ts';
import { queryRows } from './vector-tasks.ts';

/** The reference of every other row. */
export const SMALL: System = {
  method: 'small',
  path: 'local',
  ratio: 0,
  answer: (task, { evaluation }) =>
    Promise.resolve({ queries: queryRows(task, task.local, evaluation), adapterBytes: 0 }),
};

export const SMALL_INSTRUCT: System = {
  method: 'small-instruct',
  path: 'local',
  ratio: 0,
  answer: (task, { evaluation }) => {
    if (!task.instructed) throw new EraError('internal', 'Queries were not embedded with their instruction.');
    return Promise.resolve({ queries: queryRows(task, task.instructed, evaluation), adapterBytes: 0 });
  },
};
