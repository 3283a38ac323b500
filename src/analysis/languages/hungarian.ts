// Hungarian: Snowball's stems, the root that a verb shares with the noun of its action (beszúr, beszúrás), stop words and
// the words of questions.

import { stemmer } from '@orama/stemmers/hungarian';
import { stopwords } from '@orama/stopwords/hungarian';
import { rootFinder } from '../endings.ts';
import { normalize } from '../normalize.ts';

const rootOf = rootFinder({
  nouns:
    '[ae]s(?:[ae]|[ae]t|[ae]k|ok|[ae]i|[ae]v[ae]l|s[ae]l|hoz|hez|[ae]hoz|[ae]hez|[ae]n[ae]k|n[ae]k|[ae]r[ae]|r[ae]|b[ae]n|rol|i)?',
  verbs: 'ni|j[ae]|s[ae]|h[ae]t|h[ae]tja|h[ae]ti|[ae]nd[oe]|[oe]tt|va|ve',
});

export const stems = (word: string): string[] => {
  const root = rootOf(normalize(word));
  return [stemmer(word), ...(root === null ? [] : [root])];
};

export const stopWords: readonly string[] = [
  ...stopwords,
  ...'hogyan hogy mi mit miért mikor hol hova honnan ki melyik lehet tudok tudom szeretnék kell'.split(' '),
];
