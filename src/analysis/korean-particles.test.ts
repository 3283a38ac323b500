import { expect, test } from 'vitest';
import { termsOf } from './analyzer.ts';
import { DEFAULT_ANALYZER } from './analyzers.ts';
import { koreanAnalyzer } from './korean-analyzer.ts';
import { koreanStem } from './korean-particles.ts';

test.each([
  ['브라우저에서', '브라우저'],
  ['환경변수로', '환경변수'],
  ['명령을', '명령'],
  ['설정은', '설정'],
  ['슬라이드의', '슬라이드'],
  ['파일로', '파일'],
  ['서버에서는', '서버'],
  ['목록으로부터', '목록'],
  ['실행합니다', '실행'],
  ['설치하는', '설치'],
  ['저장되는', '저장'],
  ['값을', '값'],
  ['국가', '국가'],
  ['사이', '사이'],
  ['회의', '회'],
  ['나', '나'],
])('%s is %s', (word, stem) => {
  expect(koreanStem(word)).toBe(stem);
});

test('a word of several nouns is found by each of them, and whatever particle follows', () => {
  const analyzer = koreanAnalyzer(DEFAULT_ANALYZER, { name: 'korean', version: 1 });
  const terms = (text: string): string[] => termsOf(analyzer, text).flatMap(({ term, forms = [] }) => [term, ...forms]);
  expect(terms('환경변수를')).toEqual(['환경변수를', '환경변수!ko', '~환경', '~경변', '~변수']);
  expect(terms('환경 변수')).toEqual(['환경', '환경!ko', '변수', '변수!ko']);
});
