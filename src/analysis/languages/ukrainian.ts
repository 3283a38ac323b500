// Ukrainian: the stems of Orama, and the root that a verb shares with the noun of its action (видалити, видалення).

import { stemmer } from '@orama/stemmers/ukrainian';
import { stopwords } from '@orama/stopwords/ukrainian';
import { rootFinder } from '../endings.ts';

const rootOf = rootFinder({
  nouns: '(?:ува|юва|[аяеі])?нн(?:я|ю|ям|і|ями|ях)|(?:ува|юва|[аяеі])?нь',
  verbs: '(?:ува|юва|[аяеиіу])?(?:ти|тися|йте|в|ла|ло|ли)|(?:у|ю|[ая])?[єюя]ть(?:ся)?|[иа]ть(?:ся)?',
});

export const stems = (word: string): string[] => {
  const root = rootOf(word);
  return [stemmer(word), ...(root === null ? [] : [root])];
};

export const stopWords: readonly string[] = [
  ...stopwords,
  ...'як що чому навіщо коли де куди звідки хто який яка яке які можна можу мені мій потрібно хочу зробити якщо щоб'.split(
    ' ',
  ),
];
