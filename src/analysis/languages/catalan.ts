// Catalan, Occitan, Galician and Asturian: the endings of the plural, of gender and of the commonest verb forms are cut
// off.

import { endings, withoutEnding } from '../endings.ts';
import { normalize } from '../normalize.ts';

const PLURALS = endings('ns s');
const ENDINGS = endings(
  'ament amente acio acion acions aciones cion ades ada ats at ides ida its it ados ado adas idos ido ar er ir re ant ent ' +
    'int ando endo indo ado a e o i u es os as is',
);
const LEAST = 4;

export const stems = (word: string): string[] => {
  const plain = normalize(word);
  const single = withoutEnding(plain, PLURALS, LEAST);
  return [...new Set([plain, single].map((form) => withoutEnding(form, ENDINGS, LEAST)))];
};

export const stopWords: readonly string[] = (
  'a al als amb aquest aquesta aquests això així o ca cap com cada de del dels des el ella ells els em en ens entre era és ' +
  'esta està eren es et ets fa fins ha han he hi ho i la les li llavors lo los me més meu meva molt na ni no nos o on per ' +
  'perquè però pel pels pot puc qual quan què qui quin quina quins sa se ser seu seva si sobre són sons sota també te tot ' +
  'un una unes uns us va vull fer faig cal d l s n m ' +
  'ao aos á ás cando como con da das do dos e eu máis meu miña na nas no nos onde ou para pola polo por porque que quen ' +
  'sen seu súa unha podo quero'
).split(' ');
