// Which words of a query are looked up: each costs a part of the index, and the commonest words say the least.

/** With this many other words, stop words are not looked up. */
export const ENOUGH_WORDS = 3;

/**
 * All words of a short query, in which a stop word may be a name (`for loop`, `with statement`), else those that are
 * not stop words, and the last one where it may be a beginning.
 * @param words in order
 * @param keepLast whether more may follow the last one's letters
 */
export function lookedUp<T extends { readonly term: string }>(
  words: readonly T[],
  isStopWord: (term: string) => boolean,
  keepLast: boolean,
): readonly T[] {
  const others = words.filter(({ term }, i) => !isStopWord(term) || (keepLast && i === words.length - 1));
  return others.filter(({ term }) => !isStopWord(term)).length < ENOUGH_WORDS ? words : others;
}
