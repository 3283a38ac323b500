// The engine in a real browser, with its workers, the real small model, a bundled corpus and a query encoder of the page's own.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { Engine, EraError, parseQueries, type Evaluation, type LabelledQuery, type LearningPoint, type Passage, type QueryEncoder, type Stage, type TrainerName } from './index.ts';
import { normalizeRows } from './math/vector.ts';

const INDEX = 'PytorchAPI';
const DIMS = 64;

/** Counts letter triples by their hash: weak, but a real encoder of both roles that needs no server. */
const triples: QueryEncoder = {
  space: { model: 'triples', revision: '1', dtype: 'api', pooling: 'api', prompt: '', dims: DIMS },
  has: () => true,
  encode(texts) {
    const out = new Float32Array(texts.length * DIMS);
    texts.forEach((text, i) => {
      for (let at = 0; at + 3 <= text.length; at++) {
        let hash = 7;
        for (const letter of text.slice(at, at + 3).toLowerCase()) hash = Math.imul(hash ^ letter.charCodeAt(0), 16777619);
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
  const engine = new Engine({ encoder: { modelBase: '/models/', device: 'wasm' }, query: triples, trainerDevice: 'wasm', scan: 'wasm' });
  engines.push(engine);
  return engine;
};
const stagesOf = (engine: Engine): string[] => engine.status.adapters.map(({ path, trainer, stage }) => `${path}/${trainer === 'era' ? 'era/' : ''}${stage}`).sort();
const hitsOf = async (engine: Engine, stage?: Stage | 'best', trainer?: TrainerName): Promise<string[]> => (await engine.search('recognise objects in a photo', { path: 'remote', stage, trainer, k: 5 })).hits.map(({ id }) => id);
const rowOf = ({ rows }: Evaluation, path: string, stage: string): Evaluation['rows'][number] => rows.find((row) => row.path === path && row.stage === stage && row.trainer !== 'era')!;
const text = async (name: string): Promise<string> => (await fetch(`/corpora/${INDEX}/${name}`)).text();

let engine: Engine;
let labels: readonly LabelledQuery[];
let training: readonly LabelledQuery[];
let evaluation: readonly LabelledQuery[];

beforeAll(async () => {
  engine = create();
  const passages: readonly Passage[] = (await engine.readPassages(await text('docs.jsonl'))).map((passage) => ({ ...passage, text: passage.text.slice(0, 200) }));
  await engine.buildIndex(passages, { name: INDEX });
  labels = parseQueries(await text('queries.jsonl'));
  training = labels.slice(0, 80);
  evaluation = labels.slice(80, 130);
  await engine.align({ passages: 90 });
}, 300_000);

afterAll(() => {
  for (const one of engines) one.close();
});

test('an adapted engine tells what it decided and measures seen and unseen queries apart, on the next visit too', { timeout: 300_000 }, async () => {
  const outcome = await engine.adapt(training);
  const report = outcome.remote!;
  expect(report).toMatchObject({ applied: true, decision: 'applied', labels: { queries: 80 } });
  expect(report.labels!.seenShare).toBeGreaterThan(0);
  expect(report.gain!.low).toBeLessThan(report.gain!.mean);
  expect(report.validation!.after - report.validation!.before).toBeCloseTo(report.gain!.mean, 12);

  const shown = new Set(training.flatMap((query) => query.labels.map(({ id }) => id)));
  const seen = evaluation.filter((query) => query.labels.some(({ id }) => shown.has(id))).length;
  expect(seen).toBeGreaterThan(0);
  expect(seen).toBeLessThan(evaluation.length);
  const measured = await engine.evaluate(evaluation);
  const adapted = rowOf(measured, 'remote', 'adapted');
  expect(adapted.seen!.queries).toBe(seen);
  expect(adapted.unseen!.queries).toBe(evaluation.length - seen);
  const whole = (seen * adapted.seen!.ndcg10 + (evaluation.length - seen) * adapted.unseen!.ndcg10) / evaluation.length;
  expect(whole).toBeCloseTo(adapted.ndcg10, 12);
  for (const [path, stage] of [['local', 'none'], ['local', 'aligned'], ['both', 'aligned']] as const) {
    expect(rowOf(measured, path, stage)).toMatchObject({ seen: null, unseen: { queries: evaluation.length } });
  }

  const later = create();
  await later.openIndex({ name: INDEX });
  expect(await later.evaluate(evaluation)).toEqual(measured);
  // Of a file nobody knows the labels.
  await later.importAdapter(engine.exportAdapter('remote', 'adapted'));
  expect(rowOf(await later.evaluate(evaluation), 'remote', 'adapted')).toMatchObject({ ndcg10: adapted.ndcg10, seen: null, unseen: null });
});

test('ERA fills its own slots beside the default trainer’s, which stay what they are', { timeout: 300_000 }, async () => {
  await engine.align({ passages: 90 });
  await engine.adapt(training);
  const own = await hitsOf(engine);
  const before = stagesOf(engine);
  await expect(engine.adapt(training, { trainer: 'era' })).rejects.toMatchObject({ code: 'no-adapter' });
  expect(await engine.align({ trainer: 'era', passages: 24 })).toMatchObject({ remote: { applied: true, decision: null, gain: null, labels: null } });
  expect(Object.keys(await engine.adapt(training.slice(0, 16), { trainer: 'era', validation: training.slice(16, 20) }))).toEqual(['remote']);
  expect(stagesOf(engine)).toEqual([...before, 'remote/era/adapted', 'remote/era/aligned'].sort());
  expect(await hitsOf(engine)).toEqual(own);
  const era = await engine.search('recognise objects in a photo', { path: 'remote', trainer: 'era', stage: 'adapted', k: 5 });
  expect(era).toMatchObject({ path: 'remote', trainer: 'era', stage: 'adapted' });
  expect(await hitsOf(engine, 'best', 'era')).toEqual(era.hits.map(({ id }) => id));
  expect(engine.exportAdapter('remote', 'adapted', 'era')).not.toEqual(engine.exportAdapter('remote', 'adapted'));
  await expect(engine.search('anything', { path: 'local', trainer: 'era', stage: 'adapted' })).rejects.toMatchObject({ code: 'no-adapter' });

  const later = create();
  await later.openIndex({ name: INDEX });
  expect(stagesOf(later)).toEqual(stagesOf(engine));
  expect(await hitsOf(later, 'adapted', 'era')).toEqual(era.hits.map(({ id }) => id));
  const { rows } = await later.evaluate(evaluation);
  expect(rows.filter(({ trainer }) => trainer === 'era').map(({ path, stage }) => `${path}/${stage}`)).toEqual(['remote/aligned', 'remote/adapted']);

  await engine.align({ passages: 90 });
  expect(stagesOf(engine)).toEqual(['both/aligned', 'local/aligned', 'remote/aligned', 'remote/era/adapted', 'remote/era/aligned']);
});

test('what is not better is not applied unless forced, and one call goes back on every path, for good', { timeout: 300_000 }, async () => {
  await engine.revert('none');
  await engine.align({ passages: 90 });
  const aligned = await engine.evaluate(evaluation);
  const two = training.slice(0, 2);
  const refused = await engine.adapt(two);
  for (const path of ['local', 'remote', 'both'] as const) expect(refused[path]).toMatchObject({ applied: false, decision: 'too-few-labels' });
  const unchanged = await engine.evaluate(evaluation);
  for (const path of ['local', 'remote', 'both']) expect(rowOf(unchanged, path, 'adapted').perQuery).toEqual(rowOf(aligned, path, 'aligned').perQuery);

  const forced = await engine.adapt(two, { force: true });
  for (const path of ['local', 'remote', 'both'] as const) expect(forced[path]).toMatchObject({ applied: true, decision: 'forced' });
  expect(engine.exportAdapter('local', 'adapted')).not.toEqual(engine.exportAdapter('local', 'aligned'));

  await engine.revert();
  expect(stagesOf(engine)).toEqual(['both/aligned', 'local/aligned', 'remote/aligned']);
  expect(await engine.evaluate(evaluation)).toEqual(aligned);
  const later = create();
  await later.openIndex({ name: INDEX });
  expect(stagesOf(later)).toEqual(stagesOf(engine));
  expect((await later.search('anything', { path: 'both' })).stage).toBe('aligned');
  await later.revert('none');
  const last = create();
  await last.openIndex({ name: INDEX });
  expect(stagesOf(last)).toEqual([]);
  expect(await last.search('anything', { path: 'both' })).toMatchObject({ path: 'local', stage: 'none' });
});

test('a learning curve comes point by point, keeps no adapter, and can be cancelled', { timeout: 300_000 }, async () => {
  await engine.revert('none');
  const told: LearningPoint[] = [];
  const curve = await engine.learningCurve(training, { path: 'local', holdOut: evaluation, sizes: [0, 40, 80], repeats: 2, onPoint: (point) => void told.push(point) });
  expect(curve).toMatchObject({ path: 'local', labels: 80, heldOut: 50 });
  expect(curve.points).toEqual(told);
  expect(told.map((point) => point.labels)).toEqual([0, 40, 80]);
  expect(stagesOf(engine)).toEqual([]);
  // Without labels it is the small model alone, and with all it is what adapt gives.
  expect(told[0]!.mean).toBeCloseTo(rowOf(await engine.evaluate(evaluation), 'local', 'none').ndcg10, 12);
  const third = await engine.learningCurve(training, { path: 'local', sizes: [0] });
  expect(third).toMatchObject({ labels: 54, heldOut: 26 });
  await engine.adapt(training);
  expect(told[2]!.mean).toBeCloseTo(rowOf(await engine.evaluate(evaluation), 'local', 'adapted').ndcg10, 12);

  const control = new AbortController();
  const running = engine.learningCurve(training, { path: 'local', signal: control.signal, onPoint: () => control.abort(new Error('enough')) });
  await expect(running).rejects.toThrow('enough');
  expect(engine.status.trainer.running).toBeNull();
  await expect(engine.learningCurve(training, { path: 'remote' })).rejects.toMatchObject({ code: 'no-adapter' });
  await expect(engine.learningCurve(training.slice(0, 1))).rejects.toMatchObject({ code: 'too-few-labels' });
});

test('a passage that the index lacks is an error as relevant and nothing as irrelevant', async () => {
  const judging = (score: number): LabelledQuery[] => evaluation.map((query) => ({ ...query, labels: [...query.labels, { id: 'gone', score }] }));
  expect(await engine.evaluate(judging(0))).toEqual(await engine.evaluate(evaluation));
  await expect(engine.evaluate(judging(1))).rejects.toMatchObject({ code: 'missing-id' } satisfies Partial<EraError>);
});
