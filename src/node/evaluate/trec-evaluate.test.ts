import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parseQueries } from '../../evaluate/parse-task.ts';
import { parseQrels, parseRun, writeQrels, writeRun } from '../../lab/trec.ts';
import { loadTasks } from './load-tasks.ts';
import type { Report, ReportRow } from './report.ts';
import { runEvaluate } from './run-evaluate.ts';
import { writeTestTasks } from './tasks-for-test.ts';
import { labelParts } from './vector-tasks.ts';

const REAL_TIMEOUT_MS = 240_000;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'trec-evaluate-'));
  await writeTestTasks(join(folder, 'tasks'));
  for (const file of ['docs.jsonl', 'queries.jsonl'].map((name) => join(folder, 'tasks', 'Capitals', name))) {
    await writeFile(file, (await readFile(file, 'utf8')).replaceAll('"id":"New Delhi"', '"id":"New-Delhi"'));
  }
});
afterAll(() => rm(folder, { recursive: true }));

async function evaluate(tasks: string, ...args: string[]): Promise<{ report: Report; out: string }> {
  let out = '';
  const json = join(folder, 'report.json');
  const io = { print: (line: string) => void (out += `${line}\n`), note: () => undefined };
  await runEvaluate(
    [
      '--tasks',
      join(folder, tasks),
      '--cache',
      join(folder, 'cache'),
      '--ratios',
      '0',
      '--paths',
      'local',
      '--json',
      json,
      ...args,
    ],
    io,
  );
  return { report: JSON.parse(await readFile(json, 'utf8')) as Report, out };
}

const rowOf = ({ rows }: Report, method: string): ReportRow => rows.find((row) => row.method === method)!;
const figures = ({ perTask, recall100PerTask, mrrPerTask }: ReportRow): unknown => ({
  perTask,
  recall100PerTask,
  mrrPerTask,
});

test(
  'runs and qrels are written for every system and task, and score the same when they are read again',
  { timeout: REAL_TIMEOUT_MS },
  async () => {
    const trec = join(folder, 'trec');
    const methods = ['--methods', 'small,keyword,closed-form', '--trec', trec];
    const { report } = await evaluate('tasks', ...methods);
    const names = ['closed-form-local-0', 'keyword-local-0', 'small-local-0'];
    expect((await readdir(trec)).sort()).toEqual([...names, 'qrels'].sort());
    const tasks = await loadTasks(join(folder, 'tasks'), { seed: 42 });
    for (const task of tasks) {
      const { evaluation } = labelParts(task, 0);
      const qrels = parseQrels(await readFile(join(trec, 'qrels', `${task.name}.qrels`), 'utf8'));
      expect([...qrels]).toEqual(
        evaluation.map(({ qid, labels }) => [qid, new Map(labels.map(({ id, score }) => [id, score]))]),
      );
      for (const name of names) {
        const { tag, rankings } = parseRun(await readFile(join(trec, name, `${task.name}.run`), 'utf8'));
        expect(tag).toBe(name);
        for (const qid of rankings.keys()) expect(qrels.has(qid)).toBe(true);
      }
    }

    // Nothing is measured again: the runs come from the saved results.
    await rm(trec, { recursive: true });
    const again = await evaluate('tasks', ...methods, '--runs', '');
    expect(again.report.rows.map(figures)).toEqual(report.rows.map(figures));
    expect((await readdir(join(trec, 'keyword-local-0'))).sort()).toEqual(['Animals.run', 'Capitals.run']);

    const scored = await evaluate(
      'tasks',
      '--methods',
      'small',
      '--runs',
      names.map((name) => join(trec, name)).join(','),
    );
    for (const method of ['small', 'keyword', 'closed-form'])
      expect(figures(rowOf(scored.report, `run:${method}-local-0`))).toEqual(figures(rowOf(report, method)));
    expect(scored.out).toContain('| keyword-local-0 |');
    expect(rowOf(scored.report, 'run:small-local-0').against).toMatchObject({ difference: 0, low: 0, high: 0 });
  },
);

/** One task, with labels in `qrels.txt` alone. */
async function trecTask(name: string, relevanceOf: (i: number) => number): Promise<string> {
  const at = join(folder, name, 'Animals');
  await mkdir(at, { recursive: true });
  const from = join(folder, 'tasks', 'Animals');
  const queries = parseQueries(await readFile(join(from, 'queries.jsonl'), 'utf8'));
  await writeFile(join(at, 'docs.jsonl'), await readFile(join(from, 'docs.jsonl'), 'utf8'));
  await writeFile(
    join(at, 'queries.jsonl'),
    queries.map(({ qid, query }) => `${JSON.stringify({ qid, query })}\n`).join(''),
  );
  await writeFile(
    join(at, 'qrels.txt'),
    writeQrels(
      new Map(
        queries.map(({ qid, labels }, i) => [
          qid,
          new Map([
            [labels[0]!.id, relevanceOf(i)],
            [labels[0]!.id === 'cow' ? 'dog' : 'cow', -1],
          ]),
        ]),
      ),
    ),
  );
  return at;
}

test('a task takes its labels from qrels.txt where queries.jsonl has none', async () => {
  const at = await trecTask('by-qrels', (i) => 1 + (i % 2));
  const [task] = await loadTasks(join(folder, 'by-qrels'), { seed: 42 });
  expect(task!.queries[1]!.labels).toEqual([
    { id: 'cat', score: 2 },
    { id: 'cow', score: 0 },
  ]);
  await writeFile(join(at, 'qrels.txt'), 'q0 0 unicorn 1\n');
  await expect(loadTasks(join(folder, 'by-qrels'), { seed: 42 })).rejects.toMatchObject({ code: 'missing-id' });
  await writeFile(join(at, 'qrels.txt'), 'nobody 0 cow 1\n');
  await expect(loadTasks(join(folder, 'by-qrels'), { seed: 42 })).rejects.toMatchObject({
    code: 'missing-id',
    details: { qid: 'nobody' },
  });
  await writeFile(join(at, 'qrels.txt'), 'q0 0 cow\n');
  await expect(loadTasks(join(folder, 'by-qrels'), { seed: 42 })).rejects.toMatchObject({
    code: 'trec-format',
    details: { line: 1 },
  });
});

test(
  'a run of one task is scored by the ranking that trec_eval would see, and a changed one anew',
  { timeout: REAL_TIMEOUT_MS },
  async () => {
    await trecTask('one', () => 1);
    const [task] = await loadTasks(join(folder, 'one'), { seed: 42 });
    const { evaluation } = labelParts(task!, 0);
    const file = join(folder, 'mine.txt');
    const macroOf = async (place: (qid: string, id: string) => { id: string; score: number }[]): Promise<number> => {
      await writeFile(
        file,
        writeRun({
          tag: 'mine',
          rankings: new Map(evaluation.map(({ qid, labels }) => [qid, place(qid, labels[0]!.id)])),
        }),
      );
      return rowOf((await evaluate('one', '--methods', 'small', '--runs', file)).report, 'run:mine').macro;
    };
    expect(await macroOf((_, id) => [{ id, score: 1 }])).toBe(100);
    // Second of two: 1 / log2(3).
    const other = (id: string): string => (id === 'owl' ? 'pig' : 'owl');
    expect(
      await macroOf((_, id) => [
        { id, score: 1 },
        { id: other(id), score: 2 },
      ]),
    ).toBeCloseTo(100 / Math.log2(3), 10);
    // A query that is missing in the run counts 0.
    const [first] = evaluation;
    expect(await macroOf((qid, id) => (qid === first!.qid ? [] : [{ id, score: 1 }]))).toBeCloseTo(
      100 * (1 - 1 / evaluation.length),
      10,
    );
  },
);

test('bad runs end the command with what is wrong', { timeout: REAL_TIMEOUT_MS }, async () => {
  await trecTask('bad', () => 1);
  const file = join(folder, 'bad.txt');
  const run = async (text: string, tasks = 'bad'): Promise<unknown> => {
    await writeFile(file, text);
    return evaluate(tasks, '--methods', 'small', '--runs', file);
  };
  await expect(run('q0 Q0 cow 1 1')).rejects.toMatchObject({ code: 'trec-format', details: { line: 1 } });
  await expect(run('nobody Q0 cow 1 1 mine')).rejects.toMatchObject({ code: 'missing-id', details: { qid: 'nobody' } });
  await expect(
    run(Array.from({ length: 20 }, (_, i) => `q${String(i)} Q0 unicorn 1 1 mine\n`).join('')),
  ).rejects.toMatchObject({ code: 'missing-id', details: { id: 'unicorn' } });
  // one file for two tasks
  await expect(run('q0 Q0 cow 1 1 mine', 'tasks')).rejects.toMatchObject({ code: 'invalid-option' });
  await expect(evaluate('bad', '--runs', join(folder, 'nowhere'))).rejects.toMatchObject({ code: 'invalid-option' });
  await writeFile(file, 'q0 Q0 cow 1 1 mine');
  await expect(evaluate('bad', '--runs', `${file},${file}`)).rejects.toMatchObject({ code: 'invalid-option' });
});

test('ids that TREC’s files cannot contain are reported before anything is measured', async () => {
  const at = join(folder, 'spaced', 'Spaced');
  await mkdir(at, { recursive: true });
  await writeFile(join(at, 'docs.jsonl'), '{"id":"a b","doc":"x"}\n{"id":"c","doc":"y"}\n');
  await writeFile(
    join(at, 'queries.jsonl'),
    ['q0', 'q1'].map((qid) => `${JSON.stringify({ qid, query: qid, labels: [{ id: 'c', score: 1 }] })}\n`).join(''),
  );
  await expect(evaluate('spaced', '--methods', 'small', '--trec', join(folder, 'none'))).rejects.toMatchObject({
    code: 'trec-format',
    details: { text: 'a b' },
  });
});
