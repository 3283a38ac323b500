import { existsSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { CommandIo } from '../command-io.ts';
import { loadTasks } from '../evaluate/load-tasks.ts';
import { runCli } from '../run-cli.ts';
import { folderForTest } from '../setup/folder-for-test.ts';
import { lines, startHub, type TestHub } from './hub-for-test.ts';

const query = (qid: string | number, id: string | number, score: number | string = 1): object => ({
  qid,
  instruction: 'Find it.',
  query: `what is ${qid}`,
  labels: [{ id, score }],
});
const doc = (id: string | number, text = `text of ${id}`): object => ({ id, doc: text });

const FILES = {
  'MAIR-Queries/Apple/queries.jsonl': lines(query('q1', 7), query('q2', 8, 2), query('q3', 'absent'), query(4, 7, -1)),
  'MAIR-Docs/Apple/docs.jsonl': lines(doc(7, 'a \u2028 separator in a text'), doc(8), doc(9, '  ')),
  'MAIR-Queries/ToT_2023/queries.jsonl': lines(query('a', 'x'), query('b', 'y')),
  'MAIR-Docs/ToT_2023/docs.jsonl': lines(doc('x'), doc('y')),
  'MAIR-Queries/ToT_2024/queries.jsonl': lines(query('c', 'y'), query('d', 'x')),
  'MAIR-Docs/ToT_2024/docs.jsonl': lines(doc('x'), doc('y')),
  'MAIR-Queries/CQADupStack/CQADupStack_Android_queries.jsonl': lines(query('1', '10'), query('2', '11')),
  'MAIR-Docs/CQADupStack/CQADupStack_Android_docs.jsonl': lines(doc('10', 'phone'), doc('11', 'tablet')),
  'MAIR-Queries/CQADupStack/CQADupStack_Tex_queries.jsonl': lines(query('2', '10'), query('3', '12')),
  'MAIR-Docs/CQADupStack/CQADupStack_Tex_docs.jsonl': lines(doc('10', 'paragraph'), doc('12', 'table')),
};

async function run(hub: TestHub, ...args: string[]): Promise<{ code: number; out: string; noted: string }> {
  let noted = '';
  let out = '';
  const io: CommandIo = { print: (line) => (out += `${line}\n`), note: (line) => (noted += `${line}\n`) };
  return { code: await runCli(['mair', '--endpoint', hub.url, ...args], io), out, noted };
}

const read = (...path: string[]): unknown[] =>
  readFileSync(join(...path), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);

test('a task becomes a folder that evaluate reads: ids are text; labels and rows that cannot be found are left out and counted', async () => {
  const hub = await startHub(FILES);
  const out = join(folderForTest({}), 'deep/mair');
  const { code, noted } = await run(hub, '--out', out, '--tasks', 'Apple');
  expect(noted).toBe('Apple: 2 passages, 4 queries; labels to absent passages left out: 1\n');
  expect(code).toBe(0);
  expect(readdirSync(join(out, 'Apple')).sort()).toEqual(['docs.jsonl', 'queries.jsonl']);
  expect(read(out, 'Apple', 'docs.jsonl')).toEqual([
    { id: '7', doc: 'a \u2028 separator in a text' },
    { id: '8', doc: 'text of 8' },
  ]);
  expect(read(out, 'Apple', 'queries.jsonl')).toMatchObject([
    { qid: 'q1', labels: [{ id: '7', score: 1 }] },
    { labels: [{ id: '8', score: 2 }] },
    { labels: [] },
    { qid: '4', labels: [{ id: '7', score: 0 }] },
  ]);
  const [task] = await loadTasks(out, { seed: 42 });
  expect(task).toMatchObject({ name: 'Apple', domain: 'Finance', passages: 2 });
  expect(task!.order.map(({ qid }) => qid).sort()).toEqual(['q1', 'q2']);
});

test('a second run requests nothing; a file that was emptied since is refused', async () => {
  const hub = await startHub(FILES);
  const out = folderForTest({});
  await run(hub, '--out', out, '--tasks', 'Apple');
  hub.requests.length = 0;
  expect((await run(hub, '--out', out, '--tasks', 'Apple')).noted).toBe('Apple: 2 passages, 4 queries\n');
  expect(hub.requests).toEqual([]);
  writeFileSync(join(out, 'Apple/docs.jsonl'), '');
  expect((await run(hub, '--out', out, '--tasks', 'Apple')).code).toBe(1);
});

test('passages that tasks share are fetched and stored once', async () => {
  const hub = await startHub(FILES);
  const out = folderForTest({});
  await run(hub, '--out', out, '--tasks', 'ToT_2024,ToT_2023');
  expect(hub.requests.filter(({ path }) => path.startsWith('MAIR-Docs'))).toHaveLength(1);
  const [one, other] = ['ToT_2023', 'ToT_2024'].map((name) => statSync(join(out, name, 'docs.jsonl')));
  expect(other!.ino).toBe(one!.ino);
  expect(read(out, 'ToT_2024', 'queries.jsonl')).toHaveLength(2);
});

test('sub-splits are joined as ERA joins them: by id, the last row counts, and each row keeps its part’s name', async () => {
  const hub = await startHub(FILES);
  const out = folderForTest({});
  const { noted } = await run(hub, '--out', out, '--tasks', 'CQADupStack');
  expect(noted).toBe('CQADupStack: 3 passages, 3 queries; queries replaced by a later one with the same id: 1\n');
  expect(read(out, 'CQADupStack', 'docs.jsonl')).toEqual([
    { id: '11', doc: 'tablet', split: 'CQADupStack_Android' },
    { id: '10', doc: 'paragraph', split: 'CQADupStack_Tex' },
    { id: '12', doc: 'table', split: 'CQADupStack_Tex' },
  ]);
  expect(read(out, 'CQADupStack', 'queries.jsonl')).toMatchObject([
    { qid: '1', split: 'CQADupStack_Android', labels: [{ id: '10', score: 1 }] },
    { qid: '2', split: 'CQADupStack_Tex', labels: [{ id: '10', score: 1 }] },
    { qid: '3', split: 'CQADupStack_Tex' },
  ]);
});

test('sub-splits can be separate tasks as MAIR scores them, each over its own passages', async () => {
  const hub = await startHub(FILES);
  const out = folderForTest({});
  await run(hub, '--out', out, '--tasks', 'CQADupStack', '--sub-splits', 'apart');
  expect(readdirSync(out).sort()).toEqual(['CQADupStack.CQADupStack_Android', 'CQADupStack.CQADupStack_Tex']);
  expect(read(out, 'CQADupStack.CQADupStack_Android', 'docs.jsonl')).toHaveLength(2);
  expect((await loadTasks(out, { seed: 1 })).map(({ domain }) => domain)).toEqual(['Web', 'Web']);
});

test('a broken file is refused with its line and not stored, and the next run fetches it again', async () => {
  const hub = await startHub({ ...FILES, 'MAIR-Docs/Apple/docs.jsonl': `${lines(doc(7))}{"id": "8", "do` });
  const out = folderForTest({});
  const { code, noted } = await run(hub, '--out', out, '--tasks', 'Apple');
  expect(code).toBe(1);
  expect(noted).toContain('Line 2');
  expect(existsSync(join(out, 'Apple/docs.jsonl'))).toBe(false);
  hub.files.set('MAIR-Docs/Apple/docs.jsonl', FILES['MAIR-Docs/Apple/docs.jsonl']);
  expect((await run(hub, '--out', out, '--tasks', 'Apple')).code).toBe(0);
});

test('a task that the hub does not have, and a hub that lists nothing, are errors', async () => {
  const hub = await startHub();
  const out = folderForTest({});
  expect(await run(hub, '--out', out, '--tasks', 'Apple')).toMatchObject({
    code: 1,
    noted: expect.stringContaining('404') as string,
  });
  expect(await run(hub, '--out', out, '--tasks', 'MISeD')).toMatchObject({
    code: 1,
    noted: expect.stringContaining('404') as string,
  });
});

test('lists tasks by name or by domain', async () => {
  const hub = await startHub();
  expect((await run(hub, '--list')).out.trim().split('\n')).toHaveLength(126);
  expect((await run(hub, '--list', '--tasks', 'Finance,zsRE')).out.trim().split('\n')).toHaveLength(9);
  expect((await run(hub, '--list', '--tasks', 'zsRE')).out).toBe('zsRE\tWeb\tAY2\n');
});

test.each([
  [['--tasks', 'Apple']],
  [['--out', 'x', '--tasks', 'NoTask']],
  [['--out', 'x', '--tasks', ',']],
  [['--out', 'x', '--sub-splits', 'both']],
  [['--out', 'x', '--endpoint', 'ftp://a']],
  [['--out']],
])('wrong usage: %s', async (args) => {
  expect((await run(await startHub(), ...args)).code).toBe(2);
});

test('an output folder that is a file is refused', async () => {
  const folder = folderForTest({ taken: 'x' });
  expect((await run(await startHub(FILES), '--out', join(folder, 'taken'), '--tasks', 'Apple')).code).toBe(2);
});
