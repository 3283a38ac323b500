// Slovak: the endings of declension are cut off, and verbs share a root with the nouns of their action (vložiť, vloženie).

import { endings, lightStems } from '../endings.ts';
import { normalize } from '../normalize.ts';

/** A vowel that is only in some forms (odsek, obrázok, obrázka), then what a consonant becomes before an i or e. */
const fold = (stem: string): string => stem.replace(/(?<=..[^aeiouy])(?:i?e|o)([kcnlrt])$/u, '$1').replace(/c$/u, 'k');

const stemsOf = lightStems({
  cases: endings(
    'ami iami och ach iach eho ieho emu iemu ych ymi ich imi im ym ov ovi ove ovia om iom am iam em ou iou ej a e i o u y ' +
      'ia ie iu',
  ),
  fold,
  nouns: '(?:ova|[aei]|ia|nu)[nt]i(?:e|a|u|m|i|ach|ami)|(?:ova|[ae])n(?:a|e|y|i)?',
  verbs: '(?:ova|[aie]|ia|ie|nu)t|uj(?:em|e|u|ete|eme|te|me)|n(?:em|e|ete|eme|u)|(?:[aie]|ia|ej|aj)(?:te|me)',
});

export const stems = (word: string): string[] => stemsOf(normalize(word));

export const stopWords: readonly string[] = (
  'a aby aj ak ako aká aké akú aký ale alebo ani áno až bez bol bola bolo boli bude budú by byť čo či ďalší do ho i iba ' +
  'ich im iné iný ja je jeho jej k kam každý kde kedy keď kto ktorá ktoré ktorú ktorý ktorí ku ma má majú máte medzi mi mne ' +
  'moje môj môcť môže môžem môžete na nad nám nás náš nie nič než o od on ona oni ono po pod podľa pokiaľ potom práve pre ' +
  'prečo pred pri s sa si so sú svoj svoje ta tak také takže tam táto teda ten tento tieto to toho tohto tom tomto tomu tu ' +
  'túto ty tým u už v vám vás váš viac však všetky vo z za že zo chcem treba urobiť dá'
).split(' ');
