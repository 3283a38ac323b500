// Greek: Snowball's stems, one stem for the consonants that change between a verb's tenses and the noun of its action
// (διαγραφή, διαγράψτε; κρύβω, κρύψτε), stop words and the words of questions.

import { stemmer } from '@orama/stemmers/greek';
import { stopwords } from '@orama/stopwords/greek';

const fold = (stem: string): string =>
  stem
    .replace(/(?<=.{3})(?:πτ|ψτ?|[βπ])$/u, 'φ')
    .replace(/(?<=.{3})(?:σσ|ττ|ξτ?|[κχ])$/u, 'γ')
    .replace(/(?<=.{3})ζ$/u, 'σ');

export const stems = (word: string): string[] => {
  const stem = stemmer(word);
  return [...new Set([stem, fold(stem)])];
};

export const stopWords: readonly string[] = [
  ...stopwords,
  ...'πώς τι γιατί πότε πού ποιος ποια ποιο μπορώ μπορεί μπορείτε θέλω κάνω κάνετε μια μία ένα ένας έναν έχω είναι από ή'.split(
    ' ',
  ),
];
