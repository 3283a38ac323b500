// Slovenian: the endings of declension are cut off, and verbs share a root with the nouns of their action (shraniti,
// shranjevanje).

import { endings, lightStems } from '../endings.ts';
import { normalize } from '../normalize.ts';

/** A vowel that is only in some forms (odstavek, odstavka), then what a consonant becomes before an i or e. */
const fold = (stem: string): string => stem.replace(/(?<=..[^aeiou])e([kcnlrmt])$/u, '$1').replace(/c$/u, 'k');

const stemsOf = lightStems({
  cases: endings('ega emu ih imi im ami ah oma ema om em ov ev oma a e i o u'),
  fold,
  nouns: 'j?(?:ova|eva|[ae])nj(?:e|a|u|em|ih|i|ema)',
  verbs: 'j?(?:ova|eva|[aie]|ni)ti?|uje(?:te|mo|jo|s)?|[aie](?:te|mo|jo)',
});

export const stems = (word: string): string[] => stemsOf(normalize(word));

export const stopWords: readonly string[] = (
  'a ali bi bil bila bile bili bilo biti bo bodo brez če čez da do en ena eno ga ima imajo in iz ja jaz je jih jim jo ' +
  'kaj kako kakšen kakšna kam kar kdaj kdo ker ki kje ko kot kateri katera katero lahko le med mi moj moja na nad naj ne ' +
  'ni niso o ob od on ona oni pa po pod pred pri s sem si se smo so su ta tako tam te tega ter ti tisti to tudi tukaj v ' +
  'vam vas vendar vi vse z za zakaj zelo želim že moram narediti'
).split(' ');
