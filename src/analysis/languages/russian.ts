// Russian: Snowball's stems, and the root that a verb shares with the noun of its action (удалить, удаление).

import { stemmer } from '@orama/stemmers/russian';
import { stopwords } from '@orama/stopwords/russian';
import { rootFinder } from '../endings.ts';

const rootOf = rootFinder({
  nouns: '(?:ова|ева|ива|ыва|[аяеё])?ни(?:е|я|ю|ем|и|й|ям|ями|ях)',
  verbs:
    '(?:ова|ева|ива|ыва|[аяеиоу])?(?:ть|ться|йте|йтесь|те|л|ла|ло|ли)|(?:у|ыва|ива|[ая])?[еюя]т(?:ся)?|[иа]т(?:ся)?',
});

export const stems = (word: string): string[] => {
  const root = rootOf(word);
  return [stemmer(word), ...(root === null ? [] : [root])];
};

export const stopWords: readonly string[] = [
  ...stopwords,
  ...'как что почему зачем когда где куда откуда кто какой какая какое какие можно могу мне мой моя мои нужно хочу сделать если чтобы'.split(
    ' ',
  ),
];
