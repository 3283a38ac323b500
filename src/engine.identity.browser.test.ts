// The small model's own query vector needs no adapter: an explicit identity in its place changes nothing. With the real model.

import { afterAll, expect, test } from 'vitest';
import { writeAdapter } from './adapter/file.ts';
import { identityAdapter } from './adapter/initial.ts';
import { Engine, type PassageHit } from './index.ts';

const QUERIES = ['stack tensors along a new dimension', 'load a pretrained network for image classification', 'mean squared error', 'x', 'größte Eigenwerte einer Matrix'];

const engine = new Engine({ encoder: { modelBase: '/models/', device: 'wasm' }, store: 'memory' });
afterAll(() => {
  engine.close();
});

test('the adapter of the local path is the identity: the same ranking, the same scores', { timeout: 300_000 }, async () => {
  const corpus = await engine.readPassages(await (await fetch('/corpora/PytorchAPI/docs.jsonl')).text());
  await engine.buildIndex(
    corpus.slice(0, 60).map((passage) => ({ ...passage, text: passage.text.slice(0, 120) })),
    { name: 'identity' },
  );
  const rankings = async (stage: 'none' | 'aligned'): Promise<(readonly PassageHit[])[]> => {
    const found: (readonly PassageHit[])[] = [];
    for (const query of QUERIES) {
      const result = await engine.search(query, { path: 'local', stage, k: 60 });
      expect(result.stage).toBe(stage);
      found.push(result.hits);
    }
    return found;
  };
  const bare = await rankings('none');
  await engine.importAdapter(writeAdapter(identityAdapter(engine.status.index!.space)), 'aligned');
  const mapped = await rankings('aligned');
  bare.forEach((hits, q) => {
    expect(mapped[q]!.map(({ id }) => id)).toEqual(hits.map(({ id }) => id));
    hits.forEach(({ score }, i) => expect(Math.abs(mapped[q]![i]!.score - score)).toBeLessThanOrEqual(1e-7));
  });
});
