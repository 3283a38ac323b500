// Arabic: Snowball's stems, those of Larkey, Ballesteros and Connell (“Light stemming for Arabic information retrieval”,
// 2007: light10), which are the same for the singular and its regular plural (ملف، ملفات), stop words and the words of
// questions.

import { stemmer } from '@orama/stemmers/arabic';
import { stopwords } from '@orama/stopwords/arabic';
import { normalize } from '../normalize.ts';

/** “And” and “so” are written together with the article that the stemmer removes. */
const CONJUNCTION = /^[وف](?=ال)/u;
/** In the letters of `normalize`: ه for ة, ي for ى. */
const BEFORE = /^(?:(?:[وبكف]?ال|لل)(?=.{2})|و(?=.{3}))/u;
const AFTER = ['ها', 'ان', 'ات', 'ون', 'ين', 'يه', 'ه', 'ي'];
const LEAST = 2;

export const stems = (word: string): string[] => [stemmer(word.replace(CONJUNCTION, '')), light(word)];

function light(word: string): string {
  let stem = normalize(word).replace(BEFORE, '');
  for (const ending of AFTER)
    if (stem.endsWith(ending) && stem.length - ending.length > LEAST) stem = stem.slice(0, -ending.length);
  return stem;
}

export const stopWords: readonly string[] = [
  ...stopwords,
  ...'كيف ماذا لماذا متى أين هل كم أي يمكن يمكنني أريد أستطيع طريقة الطريقة كيفية'.split(' '),
];
