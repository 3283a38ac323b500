// Persian: endings are written together with the word, after a zero-width non-joiner, or after a space (بستهها, بسته‌ها,
// بسته ها), so a word is cut at its non-joiners as at a hyphen, and its endings are cut off, after Lucene's
// PersianStemmer.

import type { Analyzer, Term, Token } from '../analyzer.ts';
import { endings, withoutEnding } from '../endings.ts';
import { normalize } from '../normalize.ts';

/** In the letters of `normalize`: the Arabic ي and ك. */
const PLURALS = endings('هايشان هايمان هايتان هايم هايت هايش هايي هاي ها ترين تر');
const ENDINGS = endings('يي ي ات ان ام اي اند');
const VERB = /^(?:نمي|مي)(?=.{3})/u;
const LEAST = 2;
/** The same after a non-joiner, where the rest of a word says what it is about. */
const AFFIXES = new Set(
  'ها هاي هايي هايم هايت هايش هايشان هايمان هايتان تر ترين ي يي اي ام ات اش ايم ايد اند مان تان شان مي نمي به بي در هم'.split(
    ' ',
  ),
);
const NON_JOINER = '\u200C';

export const stems = (word: string): string[] => {
  const plain = normalize(word).replace(VERB, '');
  const single = withoutEnding(plain, PLURALS, LEAST);
  return [...new Set([single, withoutEnding(single, ENDINGS, LEAST + 1)])];
};

/** Words with the parts between their non-joiners. */
function withPieces(text: string, tokens: readonly Token[]): Token[] {
  return tokens.map((token) => {
    const written = text.slice(token.start, token.end);
    if (!written.includes(NON_JOINER)) return token;
    const known = new Set([token, ...token.parts].map(({ term }) => term));
    const pieces: Term[] = [];
    for (const { 0: piece, index } of written.matchAll(/[^\u200C]+/g)) {
      const term = normalize(piece);
      if (term.length < LEAST || AFFIXES.has(term) || known.has(term) || !/^[\p{L}\p{M}]+$/u.test(piece)) continue;
      known.add(term);
      pieces.push({ term, start: token.start + index, end: token.start + index + piece.length });
    }
    return { ...token, parts: [...token.parts, ...pieces] };
  });
}

export const cut = (base: Pick<Analyzer, 'tokens'>, text: string): Token[] => withPieces(text, base.tokens(text));

export const stopWords: readonly string[] = (
  'از با به بر برای تا در را که و یا هم اما ولی اگر این آن اینکه آنکه ها های هایی ای ام است هست بود باشد باشند شد شده شود ' +
  'می نمی شوند کند کنند کرد کرده کردن کنم کنید کنیم خواهد خواهند دارد دارند داشت داشته دهد دهید من ما شما او آنها ایشان ' +
  'چه چی چرا چگونه چطور چطوری کجا کی کدام آیا هر همه هیچ یک نیز بین پس پیش روی زیر بدون باید نباید شاید تواند توان ' +
  'می‌توان می‌توانم می‌توانید می‌شود می‌کند می‌کنم می‌خواهم خود دیگر چند بسیار تر ترین'
).split(' ');
