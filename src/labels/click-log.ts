// Reads a click log from text: JSONL, {query, passageId, rank, source, time?}.

import { parseLines, type Row } from '../evaluate/parse-task.ts';
import type { Click } from './click-evidence.ts';

/**
 * `time` is milliseconds since 1970 or an ISO 8601 date; it may be missing.
 * @throws EraError `malformed-jsonl` with `line`, `too-large`
 */
export function parseClickLog(text: string): Click[] {
  return parseLines(text, (row) => {
    const rank = row.value('rank');
    if (!Number.isSafeInteger(rank) || (rank as number) < 1)
      row.fail('malformed-jsonl', '“rank” is not a whole number from 1 up');
    return {
      query: row.text('query'),
      passageId: row.text('passageId'),
      rank: rank as number,
      source: row.text('source'),
      ...timeOf(row),
    };
  });
}

function timeOf(row: Row): { atMs?: number } {
  const time = row.value('time') ?? null;
  if (time === null) return {};
  const atMs = typeof time === 'string' ? Date.parse(time) : time;
  if (typeof atMs !== 'number' || !Number.isFinite(atMs))
    row.fail('malformed-jsonl', '“time” is neither milliseconds nor a date');
  return { atMs };
}
