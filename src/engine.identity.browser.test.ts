// The small model's query vector needs no adapter: an explicit identity gives the same results. With the real model.

import { afterAll, expect, test } from 'vitest';
import { writeAdapter } from './adapter/file.ts';
import { identityAdapter } from './adapter/initial.ts';
import { Engine, type SectionHit } from './index.ts';

const QUERIES = [
  'stack tensors along a new dimension',
  'load a pretrained network for image classification',
  'mean squared error',
  'x',
  'größte Eigenwerte einer Matrix',
];

const engine = new Engine({ encoder: { modelBase: '/models/', device: 'wasm' }, store: 'memory' });
afterAll(() => {
  engine.close();
});

test(
  'the adapter of the local path is the identity: the same ranking, the same scores',
  { timeout: 300_000 },
  async () => {
    const corpus = await engine.readRecords(await (await fetch('/corpora/PytorchAPI/docs.jsonl')).text());
    const collection = await engine.build(
      corpus.slice(0, 60).map((record) => ({ ...record, content: record.content!.slice(0, 120) })),
      { name: 'identity' },
    );
    const rankings = async (stage: 'none' | 'aligned'): Promise<(readonly SectionHit[])[]> => {
      const found: (readonly SectionHit[])[] = [];
      for (const query of QUERIES) {
        const { source, pages } = await collection
          .search(query, { mode: 'dense', path: 'local', stage, limit: 60 })
          .best();
        expect(source.stage).toBe(stage);
        found.push(pages.map(({ sections }) => sections[0]!));
      }
      return found;
    };
    const bare = await rankings('none');
    await collection.importAdapter(writeAdapter(identityAdapter(collection.info.space!)), 'aligned');
    const mapped = await rankings('aligned');
    bare.forEach((hits, q) => {
      expect(mapped[q]!.map(({ id }) => id)).toEqual(hits.map(({ id }) => id));
      hits.forEach(({ score }, i) => expect(Math.abs(mapped[q]![i]!.score - score)).toBeLessThanOrEqual(1e-7));
    });
  },
);
