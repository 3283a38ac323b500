// Korean: a word is also found without its particles, and by each pair of its syllables, since nouns are written
// together or apart (환경변수, 환경 변수).

import { formOf, type Analyzer, type Term, type Token } from './analyzer.ts';
import { koreanStem } from './korean-particles.ts';
import { normalize } from './normalize.ts';
import { pairsOf } from './pairs.ts';

const HANGUL = /^\p{Script=Hangul}+$/u;
const STOP_WORDS = new Set(
  '이 그 저 것 수 등 및 또는 그리고 더 때 위해 대한 통해 어떻게 무엇 왜 언제 어디 합니다 있습니다 누가 어느 하나요 하려면 하려고 되나요 있나요 있는지 싶어요 싶습니다 싶은데 하고 하는 하기 하면 방법 방법은 좀 제 내 나의 저의'.split(
    ' ',
  ),
);

export function koreanAnalyzer(base: Analyzer, { name, version }: Pick<Analyzer, 'name' | 'version'>): Analyzer {
  const withForms = (text: string, term: Term): Term => {
    const word = text.slice(term.start, term.end).normalize('NFC');
    return HANGUL.test(word) ? { ...term, forms: [formOf(normalize(koreanStem(word)), 'ko')] } : term;
  };
  return {
    name,
    version,
    language: 'ko',
    tokens: (text) =>
      base.tokens(text).map((token): Token => {
        const word = text.slice(token.start, token.end);
        const whole = withForms(text, token);
        const parts = token.parts.map((part) => withForms(text, part));
        const composed = word.normalize('NFC');
        if (!HANGUL.test(composed)) return { ...whole, parts };
        const pairs = pairsOf(koreanStem(composed), token.start);
        // Where syllables are written in several letters, the place of a pair is that of its word.
        const placed =
          word === composed ? pairs : pairs.map(({ term }) => ({ term, start: token.start, end: token.end }));
        return { ...whole, parts: [...parts, ...placed] };
      }),
    isStopWord: (term) => STOP_WORDS.has(term) || base.isStopWord(term),
  };
}
