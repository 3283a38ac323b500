// Czech: the endings of declension are cut off, after Dolamic and Savoy (“Indexing and stemming approaches for the Czech
// language”, Information Processing & Management 45, 2009), and verbs share a root with the nouns of their action (vložit,
// vložení).

import { endings, lightStems } from '../endings.ts';
import { normalize } from '../normalize.ts';

/** A vowel that is only in some forms (odstavec, odstavce), then what a consonant becomes before an i or e. */
const fold = (stem: string): string =>
  stem
    .replace(/(?<=..[^aeiouy])e([kcnlrt])$/u, '$1')
    .replace(/c$/u, 'k')
    .replace(/z$/u, 'h');

const stemsOf = lightStems({
  cases: endings(
    'atech etem atum ech ich eho emi emu ete eti iho imi imu ach ata aty ych ama ami ove ovi ymi em es im um at am os us ' +
      'ym mi ou a e i o u y',
  ),
  fold,
  nouns: '(?:ova|[aei]|nu)[nt]i(?:m|ch|mi)?|(?:ova|[ae])n(?:a|o|y|e|i)?',
  verbs: '(?:ova|[aie]|nou)t|uj(?:i|e|u|ete|eme|te|me)|n(?:e|ete|eme|ou)|(?:[aie]|ej)(?:te|me)',
});

export const stems = (word: string): string[] => stemsOf(normalize(word));

export const stopWords: readonly string[] = (
  'a aby aj ale ani ano asi až bez bude budou by byl byla bylo byly být co což či další dnes do ho i já jak jaká jaké ' +
  'jaký jako je jeho jej jejich její jen jestli ještě ji jich jím jiné již jsem jsou jste k kam kde kdo kdy když ke která ' +
  'které kterou který kteří ku ma má mají máte mé mezi mi mít mne mně můj moje moci mohou mohu může můžete můžu na nad nám ' +
  'nás náš ne nebo než nic není o od on ona oni ono pak po pod podle pokud pouze pro proč před přes při s se si své svůj ' +
  'ta tak také takže tam tato tedy ten tento této tím to toho tohoto tom tomto tomu tu tuto ty tyto u už v vám vás váš ve ' +
  'více všech všechny však z za zda zde ze že chci lze udělat'
).split(' ');
