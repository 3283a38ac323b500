// What a query says besides its words: quotes make a phrase, and a minus before a word excludes it.

export interface QuerySyntax {
  /** What is ranked by: the text without the signs and without what it excludes. */
  readonly words: string;
  /** Texts that a passage must have, as typed, without the quotes. */
  readonly phrases: readonly string[];
  /** Words and phrases that a passage must not have. */
  readonly excluded: readonly string[];
}

/** Quotes in pairs: typewriter's, English, German and Polish, French and Russian, Swedish, Japanese and Chinese. */
const QUOTED = /(?<=^|[\s(])(-?)(?:"([^"]+)"|[“„]([^“”„]+)[“”]|«([^«»]+)»|”([^”]+)”|「([^「」]+)」)(?=$|[\s).,;:!?])/gu;
/** One sign and two letters at least: `-f` is an option, `--force` another. */
const EXCLUDED = /(?<=^|\s)-([\p{L}\p{N}][\p{L}\p{M}\p{N}._-]+)(?=$|\s)/gu;

/** A longer query is a sentence or a pasted text, whose quotes and signs are its own. */
const MOST_WORDS = 12;

export function parseQuery(text: string): QuerySyntax {
  if (/\n/.test(text) || text.split(/\s+/).length > MOST_WORDS) return { words: text, phrases: [], excluded: [] };
  const phrases: string[] = [];
  const excluded: string[] = [];
  const unquoted = text.replace(QUOTED, (_, minus: string, ...groups: (string | undefined)[]) => {
    const phrase = groups
      .slice(0, 5)
      .find((group) => group !== undefined)!
      .trim();
    if (minus === '') phrases.push(phrase);
    else excluded.push(phrase);
    return minus === '' ? phrase : '';
  });
  const words = unquoted.replace(EXCLUDED, (_, word: string) => {
    excluded.push(word);
    return '';
  });
  // A query that only excludes finds nothing, so its signs are meant otherwise.
  return words.trim() === ''
    ? { words: text, phrases: [], excluded: [] }
    : { words: words.trim(), phrases: phrases.filter((phrase) => phrase !== ''), excluded };
}
