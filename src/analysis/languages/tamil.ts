// Tamil: Snowball's stems, stop words and the words of questions.

import { stemmer } from '@orama/stemmers/tamil';
import { stopwords } from '@orama/stopwords/tamil';

export const stems = (word: string): string[] => [stemmer(word)];

export const stopWords: readonly string[] = [...stopwords, ...'எப்படி என்ன ஏன் எப்போது எங்கே யார்'.split(' ')];
