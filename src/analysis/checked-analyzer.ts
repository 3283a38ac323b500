// An analyzer from outside, held to what the index relies on: every result is checked, and a failure names the analyzer.

import { sha256Hex } from '../format/sha256.ts';
import { EraError, messageOf } from '../errors.ts';
import { analyzerId, placesOf, type Analyzer, type LanguageAnalyzer, type Term, type Token } from './analyzer.ts';
import { MAX_TERM_LENGTH } from './normalize.ts';
import { standardAnalyzer } from './standard-analyzer.ts';

/** The sign that marks a form follows a letter. */
const BROKEN = /[\p{Surrogate}\s]|[\p{L}\p{M}\p{N}]!/u;
const FORM = /^[^!\p{Surrogate}\s]+![a-z][a-z0-9]*$/u;
/** Letters of a text that a message shows. */
const EXCERPT = 40;

/**
 * What every analyzer reads once, so that one that cuts otherwise than it did is found out although its version is the
 * same: words of several scripts, forms, compounds, names, numbers and signs.
 */
const PROBE =
  'The children were running through the foxes’ gardens; getElementById, snake_case and C++ 17.2.1 cost 3,50 €. ' +
  'Die Kinderbücher standen in Häusern an Straßen. Les maisons étaient vendues, los libros fueron leídos, i bambini ' +
  'giocavano. Книги лежали на столах. Τα βιβλία ήταν εδώ. الكتب على الطاولات. 東京の図書館で本を読みました。 한국어를 공부합니다. हिन्दी पुस्तकें।';

/**
 * @returns the same, checked
 * @throws EraError `bad-extension` where it cannot be loaded, is another than it says, or breaks a rule in any call
 */
export async function loadChecked(declared: LanguageAnalyzer): Promise<Analyzer> {
  const id = analyzerId(declared);
  let analyzer: Analyzer;
  try {
    analyzer = await declared.load(standardAnalyzer);
  } catch (cause) {
    throw failed(id, `could not be loaded: ${messageOf(cause)}`, cause);
  }
  if (analyzerId(analyzer) !== id) throw failed(id, `calls itself ${analyzerId(analyzer)} once it is loaded`);
  return {
    name: analyzer.name,
    version: analyzer.version,
    language: analyzer.language,
    tokens: (text) => checkedTokens(id, analyzer, text),
    isStopWord: (term) => guarded(id, 'a term', () => analyzer.isStopWord(term)),
  };
}

/** Eight hexadecimal digits of what an analyzer makes of the probe. @throws EraError `bad-extension` */
export function fingerprint(analyzer: Analyzer): string {
  const places = placesOf(analyzer, PROBE).map(({ term, start, end }) => [term, start, end]);
  return sha256Hex(new TextEncoder().encode(JSON.stringify(places))).slice(0, 8);
}

function checkedTokens(id: string, analyzer: Analyzer, text: string): ReturnType<Analyzer['tokens']> {
  const where = `the text “${excerpt(text)}”`;
  const tokens = guarded(id, where, () => analyzer.tokens(text));
  if (!isList(tokens)) throw failed(id, `gives no list of words for ${where}`);
  for (const token of tokens) {
    if (!isList((token as Partial<Token> | undefined)?.parts))
      throw failed(id, `gives a word without a list of parts for ${where}`);
    for (const term of [token, ...token.parts]) {
      const fault = faultOf(term, text.length);
      if (fault !== null) throw failed(id, `gives ${fault} for ${where}`);
    }
  }
  return tokens;
}

const isList = (value: unknown): boolean => Array.isArray(value);

function faultOf(found: Term, length: number): string | null {
  const { term, start, end, accented = term, spellings = [], forms = [] } = found;
  for (const text of [term, accented, ...spellings]) {
    if (typeof text !== 'string' || text === '' || text.length > MAX_TERM_LENGTH)
      return `a term that has not 1 to ${MAX_TERM_LENGTH} letters`;
    if (BROKEN.test(text))
      return `the term “${text}”, with a space, half a character or an exclamation mark after a letter`;
  }
  if (!(Number.isInteger(start) && Number.isInteger(end) && 0 <= start && start < end && end <= length))
    return `the term “${term}” at ${start} to ${end}, outside of it`;
  const wrong = forms.find((form) => form.length > MAX_TERM_LENGTH || !FORM.test(form));
  return wrong === undefined ? null : `the form “${wrong}”, which is not like kennwort!de`;
}

function guarded<T>(id: string, what: string, work: () => T): T {
  try {
    return work();
  } catch (cause) {
    throw failed(id, `failed on ${what}: ${messageOf(cause)}`, cause);
  }
}

function excerpt(text: string): string {
  return text.length > EXCERPT ? `${text.slice(0, EXCERPT)}…` : text;
}

function failed(id: string, what: string, cause?: unknown): EraError {
  return new EraError('bad-extension', `The analyzer “${id}” ${what}.`, { details: { analyzer: id }, cause });
}
