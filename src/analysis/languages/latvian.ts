// Latvian: the endings of declension are cut off, after Kreslins (“A stemming algorithm for Latvian”, 1996), whose table
// Lucene has.

import { endings, withoutEnding } from '../endings.ts';
import { normalize } from '../normalize.ts';

const ENDINGS = endings(
  'ajiem ajai ajam ajam ajos ajas ajas ajs iem ies ais ajai iem am as es em im um us os is ai ei ie a e i o u s sana sanas ' +
    'sanu sanai sanam et it at ot iet',
);

export const stems = (word: string): string[] => [withoutEnding(normalize(word), ENDINGS, 3)];

export const stopWords: readonly string[] = (
  'aiz ap apakš ar arī bet bez bija būs būt caur cik dēļ diemžēl ejot es gan gar iekš ir ja jā jau jo jūs ka kā kad kādēļ kam ' +
  'kāpēc kas katrs ko kur kurš kura kuri kuru kāds kāda labad lai līdz man mans mēs nav ne nē nevar no noteikti pa pār par ' +
  'pēc pie pirms pret priekš starp šī šis šo šeit tā tad tādēļ taču tāpēc tas tie to tomēr tu un uz vai vairāk var varat ' +
  'varu viņa viņi viņš virs vēlos izdarīt'
).split(' ');
