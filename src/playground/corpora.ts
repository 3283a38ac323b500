// The corpora that a visitor can choose, and their labels.

import { EraError, parseQueries, type LabelledQuery } from '../index.ts';

export interface Corpus {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly passages: number;
  readonly queries: number;
  readonly licence: string;
  readonly attribution: string;
  readonly examples: readonly string[];
}

export async function loadCorpora(): Promise<Corpus[]> {
  return JSON.parse(await fetchText('./corpora/corpora.json')) as Corpus[];
}

export async function loadLabels(corpus: Corpus): Promise<LabelledQuery[]> {
  return parseQueries(await fetchText(`./corpora/${corpus.name}/queries.jsonl`));
}

export function loadPassagesText(corpus: Corpus): Promise<string> {
  return fetchText(`./corpora/${corpus.name}/docs.jsonl`);
}

export const indexUrl = (corpus: Corpus): string => `./indexes/${corpus.name}/`;

async function fetchText(url: string): Promise<string> {
  let response: Response;
  try {
    response = await fetch(url);
  } catch (cause) {
    throw new EraError('network', `${url} could not be reached.`, { cause });
  }
  if (!response.ok) throw new EraError('network', `${url} answered ${response.status}.`, { details: { status: response.status } });
  return response.text();
}
