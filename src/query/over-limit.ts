// Whether a refusal says that a request is over a limit of the API: of texts, of their length, or of both together.
// There is no common status: most APIs answer 400, TEI 422, a reverse proxy 413, llama.cpp 500.

const LIMIT =
  /\btoo (?:many|large|long)\b|exceed|\bmax\b|maximum|\blimit|at most|(?:larger|less|longer) than|\bor less\b/i;
const WHAT_IS_LIMITED = /\b(?:tokens?|texts?|inputs?|items|requests can|batch|array|context|payload|characters)\b/i;

/** @param said the server's own words */
export function isOverLimit(status: number, said: string): boolean {
  return status === 413 || ([400, 422, 500].includes(status) && LIMIT.test(said) && WHAT_IS_LIMITED.test(said));
}
