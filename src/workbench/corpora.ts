// The corpora of the playground, and their labels.

import { parseQueries, type LabelledQuery } from '../index.ts';
import { download } from '../transfer/download.ts';

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

/** Absolute address of the folder, the key under which labels and adapters are stored. */
export const indexUrl = (corpus: Corpus): string => new URL(`./indexes/${corpus.name}/`, document.baseURI).href;

async function fetchText(url: string): Promise<string> {
  return new TextDecoder().decode(await download(new URL(url, document.baseURI).href));
}
