// Polish: the endings of declension are cut off, consonants that change before them become one (stronie, komórce), and
// verbs share a root with the nouns of their action (drukować, drukowanie).

import { endings, lightStems } from '../endings.ts';
import { normalize } from '../normalize.ts';

/** A vowel that is only in some forms (ułamek, ułamka), then what a consonant becomes before an i or e. */
const fold = (stem: string): string =>
  stem
    .replace(/(?<=..[^aeiouy])i?e([kncrlm])$/u, '$1')
    .replace(/sci?$/u, 'st')
    .replace(/c$/u, 'k')
    .replace(/dz$/u, 'd')
    .replace(/rz$/u, 'r');

const stemsOf = lightStems({
  cases: endings(
    'owie ow om ami ach iami iach iom em iem owi a e i o u y ie ia iu io ego emu ych ymi ym ej imi im ich iego iemu ' +
      'iej',
  ),
  fold,
  nouns: '(?:i?owa|ywa|iwa|i?a|i?e|n)ni(?:e|a|u|em|om|ach|ami)|ie?ci(?:e|a|u|em)|(?:i?owa|ywa|iwa|i?a|i?e)n',
  verbs: '(?:i?owa|ywa|iwa|i?a|i|y|e|na)c|i?uj(?:e|a|esz|emy|ecie|ac|my|cie)?|i?aj(?:a|cie|my)?|i?(?:asz|amy|acie)',
});

/** What a t becomes before an e: formacie of format. */
const SOFT_T = /(?<=[^i])cie$/u;

export const stems = (word: string): string[] => {
  const plain = normalize(word);
  const found = stemsOf(plain);
  return SOFT_T.test(plain) ? [...found, plain.replace(SOFT_T, 't')] : found;
};

export const stopWords: readonly string[] = (
  'a aby albo ale ani aż bardzo bez bo by być był była było były będzie będą bądź choć co czy czyli da dla dlaczego do ' +
  'gdy gdyż gdzie go i ich ile im inny inne inna innych ja jak jaka jaki jakie jako je jeden jedna jedno jednak jego jej ' +
  'jest jestem jeśli jeżeli już każda każde każdy kiedy kto która które którego której który których którym którzy lub ' +
  'ma mają mam mamy mi mieć mnie mogą może można możesz mój moja moje mu my na nad nam nas natomiast nich nie niej nim ' +
  'niż o od on ona one oni ono oraz pan po pod podczas ponieważ poza przed przez przy są się skąd swoje swój ta tak taka ' +
  'taki takie tam te tego tej temu ten to tu tych tylko tym u w we według wiele więc wszystkie wszystko z za że żeby ' +
  'chcę mogę zrobić należy'
).split(' ');
