// The words of a query as the static query encoder reads them, each with whether its sentence is a question: what is
// asked counts more than what is told before.

import type { Analyzer } from '../analysis/analyzer.ts';
import type { CutWord } from '../encode/static/bags.ts';
import { lookedUp } from '../lexical/looked-up.ts';

const SENTENCE = /[\s\S]+?(?:[.!?;:]+(?=\s)|[。！？؟]+|\n|$)/g;
const QUESTION = /[?？؟]\s*$/;

export function queryWords(
  text: string,
  { tokens, isStopWord }: Pick<Analyzer, 'tokens' | 'isStopWord'>,
): readonly CutWord[] {
  const words = (text.match(SENTENCE) ?? []).flatMap((sentence) => {
    const isAsked = QUESTION.test(sentence);
    return tokens(sentence).map(({ term, parts }) => ({ term, parts, isAsked }));
  });
  return lookedUp(words, isStopWord, false);
}

/** Words that no document has → the words of documents that they were taken for. */
export type Corrections = ReadonlyMap<string, readonly string[]>;

/** A misspelt word of several possible meanings says as much as several words, so only few are taken. */
const MOST_CORRECTIONS = 3;

/** Words with what they were taken for, by which one is read that has no row of its own. */
export function corrected(words: readonly CutWord[], corrections: Corrections): readonly CutWord[] {
  return words.map((word) => {
    const terms = word.parts.length === 0 ? corrections.get(word.term) : undefined;
    return terms ? { ...word, parts: terms.slice(0, MOST_CORRECTIONS).map((term) => ({ term })) } : word;
  });
}
