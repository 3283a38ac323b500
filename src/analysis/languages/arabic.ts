// Arabic: Snowball's stems, stop words and the words of questions.

import { stemmer } from '@orama/stemmers/arabic';
import { stopwords } from '@orama/stopwords/arabic';

/** “And” and “so” are written together with the article that the stemmer removes. */
const CONJUNCTION = /^[وف](?=ال)/u;

export const stems = (word: string): string[] => [stemmer(word.replace(CONJUNCTION, ''))];

export const stopWords: readonly string[] = [
  ...stopwords,
  ...'كيف ماذا لماذا متى أين هل كم أي يمكن يمكنني أريد أستطيع طريقة الطريقة كيفية'.split(' '),
];
