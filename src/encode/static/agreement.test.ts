import { expect, test } from 'vitest';
import { standardAnalyzer } from '../../analysis/standard-analyzer.ts';
import { agreement, type ReadTexts } from './agreement.ts';
import { fitStatic, ownTerms } from './fit-static.ts';
import { MODEL_DIMS, plainPeaks, readByWords, textsOfWords } from './word-vectors.fixture.ts';

const pause = (): Promise<void> => Promise.resolve();

const read = (texts: readonly string[], vectors = readByWords(texts)): ReadTexts => ({
  words: texts.map((text) => standardAnalyzer.tokens(text)),
  vectors,
});

async function agreementOf(
  sentences: readonly string[],
  passages: readonly string[],
  readPassages = readByWords,
): Promise<number | null> {
  const vectors = readPassages(passages);
  const { words } = read(passages);
  const terms = ownTerms(words, new Set());
  const index = await fitStatic(
    { words, vectors, dims: MODEL_DIMS, passages: passages.length },
    { general: null, own: { terms, vectors: readByWords(terms) }, peaks: plainPeaks, pause },
  );
  return agreement(index, read(sentences), vectors, MODEL_DIMS, pause);
}

const [passages, sentences] = [textsOfWords(360).slice(0, 300), textsOfWords(360).slice(300)];

test('is high where the model is the sum of the words, and low where its vectors say nothing of them', async () => {
  const asWords = (await agreementOf(sentences, passages))!;
  const other = textsOfWords(300).reverse();
  const unrelated = (await agreementOf(sentences, passages, () => readByWords(other)))!;
  expect(asWords).toBeGreaterThan(0.4);
  expect(unrelated).toBeLessThan(asWords / 2);
});

test('counts a sentence of unknown words as one that finds nothing', async () => {
  const known = (await agreementOf(sentences, passages))!;
  const unknown = sentences.map(() => 'elephants');
  expect(await agreementOf([...sentences, ...unknown], passages)).toBeCloseTo(known / 2, 6);
});

test('is not known of few passages or few sentences', async () => {
  expect(await agreementOf(sentences, passages.slice(0, 49))).toBeNull();
  expect(await agreementOf(sentences.slice(0, 19), passages)).toBeNull();
});

test('stops where the pause rejects', async () => {
  const { words, vectors } = read(passages);
  const index = await fitStatic(
    { words, vectors, dims: MODEL_DIMS, passages: passages.length },
    { general: null, own: { terms: [], vectors: new Float32Array() }, peaks: plainPeaks, pause },
  );
  const stop = (): Promise<void> => Promise.reject(new Error('stopped'));
  await expect(agreement(index, read(sentences), vectors, MODEL_DIMS, stop)).rejects.toThrow('stopped');
});
