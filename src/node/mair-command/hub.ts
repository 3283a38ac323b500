// Locations of MAIR's files on the hub of data sets: two repositories, a folder for each task. Addresses and names
// only; download.ts fetches.

import { EraError } from '../../errors.ts';
import type { MairTask } from '../../evaluate/mair.ts';
import { get } from './download.ts';

export const HUB = 'https://huggingface.co';

const REPOSITORIES = { queries: 'MAIR-Bench/MAIR-Queries', docs: 'MAIR-Bench/MAIR-Docs' } as const;

export type Kind = keyof typeof REPOSITORIES;

/** A pair of files: the only one of a task, or that of a sub-split. */
export interface Part {
  /** Name of the sub-split; null for the only part. */
  readonly split: string | null;
}

/** File name of a part's queries or passages. */
export function fileName({ split }: Part, kind: Kind): string {
  return split === null ? `${kind}.jsonl` : `${split}_${kind}.jsonl`;
}

export function fileUrl(endpoint: string, task: MairTask, part: Part, kind: Kind): string {
  return `${withoutSlash(endpoint)}/datasets/${REPOSITORIES[kind]}/resolve/main/${task.name}/${encodeURIComponent(fileName(part, kind))}`;
}

/**
 * The hub lists the sub-splits: IFEval has about a hundred, whose names only the hub knows.
 * @throws EraError as `get`, and `bad-response`
 */
export async function partsOf(endpoint: string, task: MairTask, signal: AbortSignal | undefined): Promise<Part[]> {
  if (!task.subSplits) return [{ split: null }];
  const url = `${withoutSlash(endpoint)}/api/datasets/${REPOSITORIES.queries}/tree/main/${task.name}`;
  const response = await get(url, {}, signal);
  const entries = (await response.json().catch(() => null)) as unknown;
  const paths = Array.isArray(entries)
    ? entries.map((entry) => (entry as { path?: unknown } | null)?.path).filter((path) => typeof path === 'string')
    : [];
  const splits = paths.flatMap((path) => /^[^/]+\/([^/]+)_queries\.jsonl$/.exec(path)?.[1] ?? []);
  if (splits.length === 0)
    throw new EraError('bad-response', `${url} lists no files of queries.`, { details: { url } });
  return splits.sort().map((split) => ({ split }));
}

function withoutSlash(endpoint: string): string {
  return endpoint.replace(/\/+$/, '');
}
