// The engine in a real browser, with its workers, the real small model, a bundled corpus and a query encoder of the
// page's own.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { readAdapter, writeAdapter } from './adapter/file.ts';
import {
  Engine,
  EraError,
  parseQueries,
  type Answer,
  type Collection,
  type CollectionRecord,
  type Evaluation,
  type LabelledQuery,
  type LearningPoint,
  type QueryEncoder,
  type Stage,
  type TrainerName,
} from './index.ts';
import { normalizeRows } from './math/vector.ts';

const INDEX = 'PytorchAPI';
const DIMS = 64;

/** Counts letter triples by their hash: weak, but a real encoder for both roles that needs no server. */
const triples: QueryEncoder = {
  space: { model: 'triples', revision: '1', dtype: 'api', pooling: 'api', prompt: '', dims: DIMS },
  has: () => true,
  encode(texts) {
    const out = new Float32Array(texts.length * DIMS);
    texts.forEach((text, i) => {
      for (let at = 0; at + 3 <= text.length; at++) {
        let hash = 7;
        for (const letter of text.slice(at, at + 3).toLowerCase())
          hash = Math.imul(hash ^ letter.charCodeAt(0), 16777619);
        const dim = (hash >>> 8) % DIMS;
        out[i * DIMS + dim] = out[i * DIMS + dim]! + (hash & 1 ? 1 : -1);
      }
    });
    normalizeRows(out, DIMS);
    return Promise.resolve(out);
  },
};

const engines: Engine[] = [];
const create = (): Engine => {
  const engine = new Engine({
    encoder: { modelBase: '/models/', device: 'wasm' },
    query: triples,
    trainerDevice: 'wasm',
    scan: 'wasm',
  });
  engines.push(engine);
  return engine;
};
const stagesOf = (collection: Collection): string[] =>
  collection.status.adapters
    .map(({ path, trainer, stage }) => `${path}/${trainer === 'era' ? 'era/' : ''}${stage}`)
    .sort();
const idsOf = ({ pages }: Answer): string[] => pages.map(({ sections }) => sections[0]!.id);
const hitsOf = async (collection: Collection, stage?: Stage | 'best', trainer?: TrainerName): Promise<string[]> =>
  idsOf(
    await collection
      .search('recognise objects in a photo', { mode: 'dense', path: 'remote', stage, trainer, limit: 5 })
      .best(),
  );
const rowOf = ({ rows }: Evaluation, path: string, stage: string): Evaluation['rows'][number] =>
  rows.find((row) => row.path === path && row.stage === stage && row.trainer !== 'era')!;
const text = async (name: string): Promise<string> => (await fetch(`/corpora/${INDEX}/${name}`)).text();

let collection: Collection;
/** The collection on a later visit. */
const reopened = async (): Promise<Collection> => {
  const opened = await create().openStored(INDEX);
  await opened.download();
  return opened;
};
let labels: readonly LabelledQuery[];
let training: readonly LabelledQuery[];
let evaluation: readonly LabelledQuery[];

beforeAll(async () => {
  const engine = create();
  const records: readonly CollectionRecord[] = (await engine.readRecords(await text('docs.jsonl'))).map((record) => ({
    ...record,
    content: record.content!.slice(0, 200),
  }));
  collection = await engine.build(records, { name: INDEX });
  labels = parseQueries(await text('queries.jsonl'));
  training = labels.slice(0, 80);
  evaluation = labels.slice(80, 130);
  await collection.align({ passages: 90 });
}, 300_000);

afterAll(() => {
  for (const one of engines) one.close();
});

test(
  'an adapted engine tells what it decided and measures seen and unseen queries apart, on the next visit too',
  { timeout: 300_000 },
  async () => {
    const outcome = await collection.adapt(training);
    const report = outcome.remote!;
    expect(report).toMatchObject({ applied: true, decision: 'applied', labels: { queries: 80 } });
    expect(report.labels!.seenShare).toBeGreaterThan(0);
    expect(report.gain!.low).toBeLessThan(report.gain!.mean);
    expect(report.validation!.after - report.validation!.before).toBeCloseTo(report.gain!.mean, 12);

    const shown = new Set(training.flatMap((query) => query.labels.map(({ id }) => id)));
    const seen = evaluation.filter((query) => query.labels.some(({ id }) => shown.has(id))).length;
    expect(seen).toBeGreaterThan(0);
    expect(seen).toBeLessThan(evaluation.length);
    const measured = await collection.evaluate(evaluation);
    const adapted = rowOf(measured, 'remote', 'adapted');
    expect(adapted.seen!.queries).toBe(seen);
    expect(adapted.unseen!.queries).toBe(evaluation.length - seen);
    const whole =
      (seen * adapted.seen!.ndcg10 + (evaluation.length - seen) * adapted.unseen!.ndcg10) / evaluation.length;
    expect(whole).toBeCloseTo(adapted.ndcg10, 12);
    for (const [path, stage] of [
      ['local', 'none'],
      ['local', 'aligned'],
      ['both', 'aligned'],
    ] as const) {
      expect(rowOf(measured, path, stage)).toMatchObject({ seen: null, unseen: { queries: evaluation.length } });
    }

    const later = await reopened();
    expect(await later.evaluate(evaluation)).toEqual(measured);
    // The labels of an imported adapter file are unknown.
    await later.importAdapter(collection.exportAdapter('remote', 'adapted'));
    expect(rowOf(await later.evaluate(evaluation), 'remote', 'adapted')).toMatchObject({
      ndcg10: adapted.ndcg10,
      seen: null,
      unseen: null,
    });
  },
);

test(
  'the whole search is measured too: words alone, and both together for every adapter',
  { timeout: 300_000 },
  async () => {
    const { rows } = await collection.evaluate(evaluation, { modes: ['keyword', 'hybrid'] });
    const dense = rows.filter(({ mode }) => mode === 'dense');
    expect(dense).toEqual((await collection.evaluate(evaluation)).rows);
    const named = rows.slice(dense.length).map(({ mode, path, stage }) => `${mode}/${path ?? 'words'}/${stage}`);
    expect(named).toEqual(['keyword/words/none', ...dense.map(({ path, stage }) => `hybrid/${path!}/${stage}`)]);
    const [words, both] = [
      rows[dense.length]!,
      rows.find(({ mode, path, stage }) => mode === 'hybrid' && path === 'local' && stage === 'aligned')!,
    ];
    const rankOfFirst = async (text: string, options: object, wanted: ReadonlySet<string>): Promise<number> => {
      const { pages } = await collection.search(text, { ...options, limit: 100, sections: 10 }).best();
      return 1 + idsOf({ pages } as Answer).findIndex((id) => wanted.has(id));
    };
    for (const [row, options] of [
      [words, { mode: 'keyword' }],
      [both, { mode: 'hybrid', path: 'local', stage: 'aligned' }],
    ] as const) {
      const ranks = [];
      for (const { query, labels } of evaluation)
        ranks.push(
          await rankOfFirst(query, options, new Set(labels.filter(({ score }) => score > 0).map(({ id }) => id))),
        );
      expect(row.mrr).toBeCloseTo(ranks.reduce((sum, rank) => sum + (rank > 0 ? 1 / rank : 0), 0) / ranks.length, 12);
      expect(row.gain!.mean).toBeCloseTo(row.ndcg10 - dense[0]!.ndcg10, 12);
    }
  },
);

test(
  'labels choose the weight of keywords too, and searches by the adapter use it on later visits',
  { timeout: 300_000 },
  async () => {
    const steps: string[] = [];
    const { remote } = await collection.adapt(training, {
      paths: ['remote'],
      onProgress: ({ unit, done, total }) => {
        if (unit === 'searches') steps.push(`${done} of ${total!}`);
      },
    });
    const { keywords, adapter } = remote!;
    // By query, and again by passage where that spoke for a change: queries share passages.
    expect(remote!.labels!.queries).toBe(80);
    expect([80, 160]).toContain(steps.length);
    if (keywords!.factor !== 1) expect(steps).toHaveLength(160);
    expect(steps[79]).toBe('80 of 80');
    expect(adapter.keywordFactor).toBe(keywords!.factor);
    expect(keywords!.gain === null).toBe(keywords!.factor === 1);

    const fusedOf = async (opened: Collection): Promise<number[]> => {
      const options = { path: 'remote', stage: 'adapted', limit: 5, explain: true } as const;
      const { pages } = await opened.search('recognise objects in a photo', options).best();
      return pages.map(({ sections: [first] }) => first!.explanation!.fused);
    };
    const squared = async (opened: Collection): Promise<number[]> => {
      const options = { path: 'remote', stage: 'adapted', limit: 5, mode: 'dense', explain: true } as const;
      const { pages } = await opened.search('recognise objects in a photo', options).best();
      return pages.map(({ sections: [first] }) => first!.explanation!.dense!.score ** 2);
    };
    const file = readAdapter(collection.exportAdapter('remote', 'adapted'));
    expect(file.keywordFactor ?? 1).toBe(keywords!.factor);
    await collection.importAdapter(writeAdapter({ ...file, keywordFactor: 0 }));
    const meaningAlone = await fusedOf(collection);
    expect(meaningAlone).toEqual((await squared(collection)).map((v) => expect.closeTo(v, 5) as number));
    expect(await fusedOf(await reopened())).toEqual(meaningAlone);
    await collection.importAdapter(writeAdapter({ ...file, keywordFactor: 1 }));
    expect((await fusedOf(collection))[0]).toBeGreaterThan(meaningAlone[0]!);
  },
);

test(
  'ERA fills its own slots beside the default trainer’s, which stay what they are',
  { timeout: 300_000 },
  async () => {
    await collection.align({ passages: 90 });
    await collection.adapt(training);
    const own = await hitsOf(collection);
    const before = stagesOf(collection);
    await expect(collection.adapt(training, { trainer: 'era' })).rejects.toMatchObject({ code: 'no-adapter' });
    expect(await collection.align({ trainer: 'era', passages: 24 })).toMatchObject({
      remote: { applied: true, decision: null, gain: null, labels: null },
    });
    expect(
      Object.keys(
        await collection.adapt(training.slice(0, 16), { trainer: 'era', validation: training.slice(16, 20) }),
      ),
    ).toEqual(['remote']);
    expect(stagesOf(collection)).toEqual([...before, 'remote/era/adapted', 'remote/era/aligned'].sort());
    expect(await hitsOf(collection)).toEqual(own);
    const era = await collection
      .search('recognise objects in a photo', {
        mode: 'dense',
        path: 'remote',
        trainer: 'era',
        stage: 'adapted',
        limit: 5,
      })
      .best();
    expect(era.source).toMatchObject({ ranking: 'dense', path: 'remote', trainer: 'era', stage: 'adapted' });
    expect(await hitsOf(collection, 'best', 'era')).toEqual(idsOf(era));
    expect(collection.exportAdapter('remote', 'adapted', 'era')).not.toEqual(
      collection.exportAdapter('remote', 'adapted'),
    );
    const without = await collection
      .search('anything', { mode: 'dense', path: 'local', trainer: 'era', stage: 'adapted' })
      .best();
    expect(without).toMatchObject({
      source: { path: 'local', trainer: 'closed-form' },
      degraded: { code: 'no-adapter' },
    });

    const later = await reopened();
    expect(stagesOf(later)).toEqual(stagesOf(collection));
    expect(await hitsOf(later, 'adapted', 'era')).toEqual(idsOf(era));
    const { rows } = await later.evaluate(evaluation);
    expect(rows.filter(({ trainer }) => trainer === 'era').map(({ path, stage }) => `${path}/${stage}`)).toEqual([
      'remote/aligned',
      'remote/adapted',
    ]);

    await collection.align({ passages: 90 });
    expect(stagesOf(collection)).toEqual([
      'both/aligned',
      'local/aligned',
      'remote/aligned',
      'remote/era/adapted',
      'remote/era/aligned',
    ]);
  },
);

test(
  'what is not better is not applied unless forced, and one call goes back on every path, for good',
  { timeout: 300_000 },
  async () => {
    await collection.revert('none');
    await collection.align({ passages: 90 });
    const aligned = await collection.evaluate(evaluation);
    const two = training.slice(0, 2);
    const refused = await collection.adapt(two);
    for (const path of ['local', 'remote', 'both'] as const)
      expect(refused[path]).toMatchObject({ applied: false, decision: 'too-few-labels' });
    const unchanged = await collection.evaluate(evaluation);
    for (const path of ['local', 'remote', 'both'])
      expect(rowOf(unchanged, path, 'adapted').perQuery).toEqual(rowOf(aligned, path, 'aligned').perQuery);

    const forced = await collection.adapt(two, { force: true });
    for (const path of ['local', 'remote', 'both'] as const)
      expect(forced[path]).toMatchObject({ applied: true, decision: 'forced' });
    expect(collection.exportAdapter('local', 'adapted')).not.toEqual(collection.exportAdapter('local', 'aligned'));

    await collection.revert();
    expect(stagesOf(collection)).toEqual(['both/aligned', 'local/aligned', 'remote/aligned']);
    expect(await collection.evaluate(evaluation)).toEqual(aligned);
    const later = await reopened();
    expect(stagesOf(later)).toEqual(stagesOf(collection));
    expect((await later.search('anything', { path: 'both' }).best()).source.stage).toBe('aligned');
    await later.revert('none');
    const last = await reopened();
    expect(stagesOf(last)).toEqual([]);
    expect(await last.search('anything', { path: 'both' }).best()).toMatchObject({
      source: { ranking: 'hybrid', path: 'local', stage: 'none' },
      degraded: { code: 'no-adapter' },
    });
  },
);

test(
  'a learning curve comes point by point, keeps no adapter, and can be cancelled',
  { timeout: 300_000 },
  async () => {
    await collection.revert('none');
    const told: LearningPoint[] = [];
    const curve = await collection.learningCurve(training, {
      path: 'local',
      holdOut: evaluation,
      sizes: [0, 40, 80],
      repeats: 2,
      onPoint: (point) => void told.push(point),
    });
    expect(curve).toMatchObject({ path: 'local', labels: 80, heldOut: 50 });
    expect(curve.points).toEqual(told);
    expect(told.map((point) => point.labels)).toEqual([0, 40, 80]);
    expect(stagesOf(collection)).toEqual([]);
    // Without labels the curve has the small model alone, and with all labels the result of adapt.
    expect(told[0]!.mean).toBeCloseTo(rowOf(await collection.evaluate(evaluation), 'local', 'none').ndcg10, 12);
    const third = await collection.learningCurve(training, { path: 'local', sizes: [0] });
    expect(third).toMatchObject({ labels: 54, heldOut: 26 });
    await collection.adapt(training);
    expect(told[2]!.mean).toBeCloseTo(rowOf(await collection.evaluate(evaluation), 'local', 'adapted').ndcg10, 12);

    const control = new AbortController();
    const running = collection.learningCurve(training, {
      path: 'local',
      signal: control.signal,
      onPoint: () => control.abort(new Error('enough')),
    });
    await expect(running).rejects.toThrow('enough');
    expect(collection.status.trainer.running).toBeNull();
    await expect(collection.learningCurve(training, { path: 'remote' })).rejects.toMatchObject({ code: 'no-adapter' });
    await expect(collection.learningCurve(training.slice(0, 1))).rejects.toMatchObject({ code: 'too-few-labels' });
  },
);

test('a passage that the collection lacks is an error as relevant and nothing as irrelevant', async () => {
  const judging = (score: number): LabelledQuery[] =>
    evaluation.map((query) => ({ ...query, labels: [...query.labels, { id: 'gone', score }] }));
  expect(await collection.evaluate(judging(0))).toEqual(await collection.evaluate(evaluation));
  await expect(collection.evaluate(judging(1))).rejects.toMatchObject({
    code: 'missing-id',
  } satisfies Partial<EraError>);
});
