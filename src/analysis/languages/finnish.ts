// Finnish: Snowball's stems, the root that a verb shares with the noun of its action (tulostaa, tulostaminen), stop words
// and the words of questions.

import { stemmer } from '@orama/stemmers/finnish';
import { stopwords } from '@orama/stopwords/finnish';

/** The noun of an action, in its cases. */
const ACTION = /(?<=.{4})mi(?:nen|sen|sta|seen|sessa|sestä|sesta|seksi|sella|sellä|selle|set|sten|sia|siä)$/u;

export const stems = (word: string): string[] =>
  ACTION.test(word) ? [stemmer(word), stemmer(infinitive(word.replace(ACTION, '')))] : [stemmer(word)];

/** Of most verbs: their vowel is twice there (tulosta, tulostaa; lisää). */
function infinitive(stem: string): string {
  return /(.)\1$/u.test(stem) ? stem : stem + stem.slice(-1);
}

export const stopWords: readonly string[] = [
  ...stopwords,
  ...'miten kuinka mikä mitä miksi milloin missä mistä mihin kuka voi voin voiko saan saako haluan jos kun'.split(' '),
];
