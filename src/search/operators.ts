// Keeps of a ranked list what has the phrases of the query and nothing that it excludes.

import type { KeywordIndex } from '../lexical/keyword-index.ts';
import type { RankedDocuments } from './documents.ts';
import type { HybridList } from './hybrid-retriever.ts';
import { phraseFinder } from './phrase.ts';
import type { QuerySyntax } from './query-syntax.ts';

/** Passages, the best first, in which a phrase is looked for; while each may cost a request, few. */
const SEARCHED = 2000;
const SEARCHED_ON_DEMAND = 24;

/**
 * A word that the collection writes with a minus before it (`find -name`) is a word, and not excluded.
 * @throws what fetching a part throws
 */
export async function resolveSyntax(syntax: QuerySyntax, index: Pick<KeywordIndex, 'has'>): Promise<QuerySyntax> {
  const options = await Promise.all(
    syntax.excluded.map(async (word) => !/\s/.test(word) && (await index.has(`-${word.toLowerCase()}`))),
  );
  if (!options.includes(true)) return syntax;
  return {
    ...syntax,
    words: [syntax.words, ...syntax.excluded.filter((_, i) => options[i]).map((word) => `-${word}`)].join(' '),
    excluded: syntax.excluded.filter((_, i) => !options[i]),
  };
}

/** @throws what fetching a part throws */
export async function withSyntax<List extends HybridList>(
  list: List,
  { phrases, excluded }: QuerySyntax,
  index: Pick<KeywordIndex, 'search'>,
  documents: RankedDocuments,
): Promise<List> {
  if (phrases.length + excluded.length === 0) return list;
  const out = new Set<number>();
  for (const word of excluded.filter((some) => !/\s/.test(some)))
    for (const row of (await index.search(word, { prefix: false, fuzzy: false })).rows) out.add(row);
  const wanted = phrases.map(phraseFinder);
  const unwanted = excluded.filter((some) => /\s/.test(some)).map(phraseFinder);
  const kept = Array.from(list.ids.keys()).filter((i) => !out.has(list.ids[i]!));
  if (wanted.length + unwanted.length === 0) return picked(list, kept);
  const searched = kept.slice(0, documents.isComplete ? SEARCHED : SEARCHED_ON_DEMAND);
  const passes = await Promise.all(
    searched.map(async (i) => {
      const { title, headings, text } = await documents.named(list.ids[i]!);
      const fields = [title, ...headings, text];
      const has = (find: (text: string) => boolean): boolean => fields.some(find);
      return wanted.every(has) && !unwanted.some(has);
    }),
  );
  return picked(
    list,
    searched.filter((_, n) => passes[n]),
  );
}

function picked<List extends HybridList>(list: List, places: readonly number[]): List {
  return {
    ...list,
    ids: Int32Array.from(places, (i) => list.ids[i]!),
    scores: Float32Array.from(places, (i) => list.scores[i]!),
  };
}
