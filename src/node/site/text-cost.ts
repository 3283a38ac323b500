// How long the small model takes for a text, beside another one: it reads a long text more slowly, token by token, than a
// short one, and each has a cost of its own. The remaining time of a run follows from it, since a site has passages of
// two hundred tokens, then words of three.

/**
 * Cost of a text without tokens, in tokens, and the tokens of a text that costs as much again for its length: of MiniLM
 * on one thread, 2026-12-01, 3 to 252 tokens in 1.4 to 27 ms; within a fifth at all lengths. Another model has other
 * times, but about these proportions.
 */
const EACH = 30;
const TWICE_AT = 200;

/** Tokens in the rough: letters of spaceless scripts are one each, four others are one. */
export function roughTokens(text: string): number {
  const wide = text.match(/[\u2E80-\u9FFF\uAC00-\uD7AF\uF900-\uFAFF]/g)?.length ?? 0;
  return wide + Math.ceil((text.length - wide) / 4);
}

/**
 * @returns [texts + 1]: share of the work that is done after each number of texts, from 0 to 1
 * @param maxTokens that the model reads of a text
 */
export function sharesOfWork(texts: readonly string[], maxTokens: number): Float64Array<ArrayBuffer> {
  const shares = new Float64Array(texts.length + 1);
  texts.forEach((text, i) => {
    const tokens = Math.min(maxTokens, roughTokens(text));
    shares[i + 1] = shares[i]! + EACH + tokens + tokens ** 2 / TWICE_AT;
  });
  const all = shares.at(-1)!;
  return shares.map((share) => share / (all || 1));
}
