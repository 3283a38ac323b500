// Estonian: the endings of the cases, of the plural and the vowel of the stem are cut off, one after the other.

import { endings, withoutEnding } from '../endings.ts';
import { normalize } from '../normalize.ts';

const CASES = endings('sse st le lt ks ni na ta ga s l t d ma da mine mist mise miseks');
const PLURALS = endings('de te i e');
const VOWELS = endings('a e i u o');
const LEAST = 3;

export const stems = (word: string): string[] => {
  const plain = normalize(word);
  const bare = withoutEnding(withoutEnding(plain, CASES, LEAST + 1), PLURALS, LEAST + 1);
  return [...new Set([bare, plain].map((form) => withoutEnding(form, VOWELS, LEAST)))];
};

export const stopWords: readonly string[] = (
  'aga alati ei ega ehk et ta ja jah juba kas kes kui kuhu kuidas kus kust ma me mida miks millal millele milline mille ' +
  'millest mis minu mu mul mulle ning no nüüd nad oli olid olla oled oleks oma on ole pole see seda sel selle selles sest siin ' +
  'siis sina su ta te teda teie tema too või välja vaid veel väga üks saab saan saa tahan tuleb pean teha'
).split(' ');
