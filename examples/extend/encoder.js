// An encoder without a model: a text is the set of its letter trigrams, hashed into 512 numbers. Words that are spelt
// alike are near to each other, so misspellings and compounds are found; it knows nothing of meaning.

const DIMS = 512;

/** @type {import('era-search/extend').Space} */
const space = { model: 'example/trigrams', revision: '1', dtype: 'fp32', pooling: 'mean', prompt: '', dims: DIMS };

/** @param {string} text */
function embed(text) {
  const vector = new Float32Array(DIMS);
  const letters = Array.from(
    ` ${text
      .toLowerCase()
      .replace(/[^\p{L}\p{N}]+/gu, ' ')
      .trim()} `,
  );
  for (let i = 0; i + 3 <= letters.length; i++) {
    let hash = 2166136261; // FNV-1a
    for (const letter of letters.slice(i, i + 3)) hash = Math.imul(hash ^ (letter.codePointAt(0) ?? 0), 16777619);
    vector[(hash >>> 0) % DIMS] += 1;
  }
  const length = Math.hypot(...vector.map(Math.sqrt));
  if (length === 0) return vector.fill(1 / Math.sqrt(DIMS)); // no letters: equally far from all
  return vector.map((count) => Math.sqrt(count) / length);
}

/** @type {import('era-search/extend').Extension} */
export default {
  async openEncoder() {
    return {
      encoder: {
        space,
        device: 'cpu',
        async encode(texts, role, { signal, onProgress } = {}) {
          const vectors = new Float32Array(texts.length * DIMS);
          texts.forEach((text, i) => {
            signal?.throwIfAborted();
            vectors.set(embed(text), i * DIMS);
            onProgress?.({ doneTexts: i + 1, totalTexts: texts.length });
          });
          return vectors;
        },
        async dispose() {},
      },
      countTokens: (text) => text.split(/\s+/).length, // words
      maxTokens: 200, // longer texts are cut into passages of so many
    };
  },
};
