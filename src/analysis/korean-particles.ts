// The noun or stem of a Korean word: particles are written together with the word before them, as are the endings of
// the verbs that “to do” and “to become” make of nouns. Which particle can follow depends on whether the last syllable
// ends in a consonant, so that few nouns are cut by mistake.

/** After a consonant, after a vowel (or ㄹ: 로), after either. */
const AFTER_CONSONANT = [
  '은',
  '이',
  '을',
  '과',
  '으로',
  '이나',
  '이란',
  '이라',
  '이라는',
  '이라고',
  '이며',
  '이고',
  '으려면',
  '으려고',
  '으면',
];
const AFTER_VOWEL = ['는', '가', '를', '와', '로', '나', '란', '라는', '라고', '며', '려면', '려고', '면'];
const AFTER_BOTH = [
  '의 에 에서 에게 에게서 한테 께 께서 도 만 까지 부터 처럼 보다 마다 밖에 조차 마저 이다 입니다 인 들',
  '하다 하는 하고 하여 해 해서 했다 했습니다 합니다 하기 하면 하려면 하지 하세요 하십시오 할 한 함 하도록',
  '기 게 지 나요 인가요 도록 습니다',
  '되다 되는 되고 되어 된 된다 됩니다 되었습니다 되면 되지 될 됨 되도록 시키다 시키는 시킵니다 시킨',
].flatMap((line) => line.split(' '));
/** Particles that follow another one: 에서는, 으로도, 까지의. */
const SECOND = ['은', '는', '도', '의', '만', '부터', '까지'];

const LONGEST = 5;
/** Syllables that a stem has at least. */
const SHORTEST = 2;
/** The commonest particles leave a single syllable too: 값을, 키를. */
const CLEAR = new Set(['을', '를', '은', '는', '에', '에서', '으로', '의']);

const CONSONANT = new Set(AFTER_CONSONANT);
const VOWEL = new Set(AFTER_VOWEL);
const BOTH = new Set(AFTER_BOTH);

/** @param word of Hangul syllables @returns the word without its particles; itself where it has none */
export function koreanStem(word: string): string {
  const stem = withoutParticle(word);
  const last = SECOND.find((particle) => word.endsWith(particle));
  if (last === undefined) return stem;
  const inner = word.slice(0, -last.length);
  const deeper = withoutParticle(inner);
  return deeper !== inner && deeper.length < stem.length ? deeper : stem;
}

function withoutParticle(word: string): string {
  for (let length = Math.min(LONGEST, word.length - 1); length > 0; length--) {
    const particle = word.slice(-length);
    const stem = word.slice(0, -length);
    if (stem.length < SHORTEST && !CLEAR.has(particle)) continue;
    if (BOTH.has(particle) || follows(particle, stem)) return stem;
  }
  return word;
}

function follows(particle: string, stem: string): boolean {
  const final = (stem.charCodeAt(stem.length - 1) - 0xac00) % 28; // number of the final consonant, 0 for none, 8 for ㄹ
  return final === 0 ? VOWEL.has(particle) : CONSONANT.has(particle) || (final === 8 && particle === '로');
}
