// Japanese: stop words, since the platform cuts particles and the endings of verbs into words of their own.

import { stopwords } from '@orama/stopwords/japanese';
import type { Analyzer } from './analyzer.ts';
import { normalize } from './normalize.ts';

const STOP_WORDS = new Set(
  [
    ...stopwords,
    ...(
      'す した よう ため たい たく ない なく せ させ し しよう したい して すれ すれば どう どうやって どうすれ なぜ いつ 誰 いくつ いい よい 良い ください ' +
      '下さい ほしい 欲しい やり方 仕方 方法 何 ば へ や か ね よ わ ん ます ません まし です でし だ な ので のに けど って ' +
      'いる いた ある あっ でき できる 使う 使い方 行う する 私 自分'
    ).split(' '),
  ].map(normalize),
);

export function japaneseAnalyzer(base: Analyzer, { name, version }: Pick<Analyzer, 'name' | 'version'>): Analyzer {
  return {
    name,
    version,
    language: 'ja',
    tokens: base.tokens,
    isStopWord: (term) => STOP_WORDS.has(term) || base.isStopWord(term),
  };
}
