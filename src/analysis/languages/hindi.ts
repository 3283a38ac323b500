// Hindi: Snowball's stems, stop words and the words of questions.

import { stemmer } from '@orama/stemmers/indian';
import { stopwords } from '@orama/stopwords/indian';

export const stems = (word: string): string[] => [stemmer(word)];

export const stopWords: readonly string[] = [...stopwords, ...'कैसे क्या क्यों कब कहाँ कौन करें करे सकता सकते हूँ मैं'.split(' ')];
