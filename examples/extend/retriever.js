// A retriever over HTTP: a server of yours ranks the documents, and the engine fuses its list with that of the keywords.
// The server answers POST /rank with {"text", "k"} by {"ids", "scores"}, and with {"text", "ids"} by {"scores"}. Its ids
// are those of the collection's passages, its scores are cosines.

/** @param {string} url @param {object} body @param {AbortSignal} [signal] */
async function ask(url, body, signal) {
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body), signal: signal ?? null });
  if (!response.ok) throw new Error(`${url} answered with status ${response.status}`);
  return response.json();
}

/** @type {import('era-search/extend').Extension} */
export default {
  async openRetriever({ count, ids, url }) {
    const server = new URL('/rank', url).href; // at the site that the collection comes from
    const names = await ids(); // the engine numbers the passages: a doc id is a place in this list
    const numbers = new Map(names.map((id, number) => [id, number]));
    return {
      count,
      async retrieve({ text }, { k, signal }) {
        const answer = await ask(server, { text, k }, signal);
        return {
          ids: Int32Array.from(answer.ids, (id) => numbers.get(id) ?? -1), // −1 is refused with a message
          scores: Float32Array.from(answer.scores),
          async scoresOf(docs) {
            const asked = await ask(server, { text, ids: Array.from(docs, (doc) => names[doc]) }, signal);
            return Float32Array.from(asked.scores);
          },
        };
      },
    };
  },
};
