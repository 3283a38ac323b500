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
