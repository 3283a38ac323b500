// The large query model is the real server of this package with the real model; a proxy in front of it records the
// requests.

import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { applyAdapter, queryInput, type QueryPath } from '../../adapter/adapter.ts';
import { readAdapter } from '../../adapter/file.ts';
import { describeModel } from '../../encode/describe-model.ts';
import { DEFAULT_MODEL } from '../../encode/models.ts';
import { openEncoder } from '../../encode/open-encoder.ts';
import { parseQueries } from '../../evaluate/parse-task.ts';
import { positiveIds } from '../../evaluate/seen.ts';
import type { LabelledQuery } from '../../evaluate/task.ts';
import { createRemoteEncoder } from '../../query/remote-encoder.ts';
import { createRanker } from '../../scan/rank-many.ts';
import { packageRoot } from '../package-root.ts';
import { runCli } from '../run-cli.ts';
import { startServer } from '../serve/server.ts';
import { folderForTest } from '../setup/folder-for-test.ts';
import { bytesBelow, publishedIn } from './site-for-test.ts';
import type { SiteSummary } from './write-site.ts';

const MODEL = 'bge-small-en-v1.5';
const { queryPrompt: PROMPT } = await describeModel(
  { name: `Xenova/${MODEL}` },
  join(packageRoot(), `public/models/Xenova/${MODEL}/`),
);
const KEY = 'sk-secret-0123456789';
const TASK = join(packageRoot(), 'public/corpora/NL2Bash');
const QUERIES: readonly LabelledQuery[] = parseQueries(readFileSync(join(TASK, 'queries.jsonl'), 'utf8')).slice(0, 40);
const DOCUMENTS = 150;

/** All answers to the queries, and other documents. */
function corpus(): string {
  const answers = new Set(QUERIES.flatMap(positiveIds));
  const lines = readFileSync(join(TASK, 'docs.jsonl'), 'utf8').trim().split('\n');
  const isAnswer = (line: string): boolean => answers.has((JSON.parse(line) as { id: string }).id);
  const chosen = [...lines.filter(isAnswer), ...lines.filter((line) => !isAnswer(line))].slice(0, DOCUMENTS);
  return chosen.join('\n');
}

/** The API's address, and the recorded requests. */
async function startQueryModel(): Promise<{
  url: string;
  asked: { authorization: string | undefined; texts: number }[];
}> {
  const { encoder } = await openEncoder({
    model: `Xenova/${MODEL}`,
    modelBase: join(packageRoot(), 'public/models'),
    device: 'cpu',
  });
  const server = await startServer({ port: 0, encoder, modelNames: [MODEL] });
  const asked: { authorization: string | undefined; texts: number }[] = [];
  const front = createServer((incoming, response) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      const body = Buffer.concat(chunks);
      asked.push({
        authorization: incoming.headers.authorization,
        texts: (JSON.parse(body.toString()) as { input: unknown[] }).input.length,
      });
      const passed = request(
        new URL(incoming.url ?? '/', server.url),
        { method: incoming.method, headers: { 'content-type': 'application/json' } },
        (answer) => {
          response.writeHead(answer.statusCode ?? 500, answer.headers);
          answer.pipe(response);
        },
      );
      passed.end(body);
    });
  });
  front.listen(0, '127.0.0.1');
  await once(front, 'listening');
  onTestFinished(async () => {
    front.closeAllConnections();
    front.close();
    await server.close();
    await encoder.dispose();
  });
  return { url: `http://127.0.0.1:${(front.address() as AddressInfo).port}/v1`, asked };
}

test('a query model is aligned while the index is made, and its queries find their answers', async () => {
  const { url, asked } = await startQueryModel();
  const cwd = folderForTest({ 'docs.jsonl': corpus() });
  const noted: string[] = [];
  const run = async (...flags: string[]): Promise<SiteSummary> => {
    const printed: string[] = [];
    const args = [
      'index',
      '--corpus',
      'docs.jsonl',
      '--output-path',
      'out',
      '--cache',
      'cache',
      '--no-model-files',
      '--json',
      ...flags,
    ];
    const code = await runCli(args, {
      print: (line) => printed.push(line),
      note: (line) => noted.push(line),
      env: { ERA_SEARCH_QUERY_KEY: KEY },
      cwd,
    });
    expect(code, noted.join('\n')).toBe(0);
    return JSON.parse(printed.join('\n')) as SiteSummary;
  };
  const flags = ['--query-url', url, '--query-model', MODEL, '--query-prompt', PROMPT];

  const first = await run(...flags);
  expect(first.adapters).toEqual([
    { path: 'both', stage: 'aligned' },
    { path: 'remote', stage: 'aligned' },
  ]);
  expect(first.aligned).toEqual({ passages: first.passages, hasBase: true });
  expect(asked.every(({ authorization }) => authorization === `Bearer ${KEY}`)).toBe(true);
  expect(asked.reduce((sum, { texts }) => sum + texts, 0)).toBe(first.passages + 1); // one text to learn the dimensions
  const files = bytesBelow(cwd);
  for (const bytes of [...files.values(), noted.join('\n')]) expect(bytes).not.toContain(KEY);

  asked.length = 0;
  expect((await run(...flags)).build).toBe(first.build);
  expect(asked.map(({ texts }) => texts)).toEqual([1]);
  expect(bytesBelow(join(cwd, 'out'))).toEqual(
    new Map([...files].filter(([path]) => path.startsWith('out/')).map(([path, bytes]) => [path.slice(4), bytes])),
  );

  // Without the query model the alignment of the last build is kept.
  expect((await run()).adapters).toEqual(first.adapters);
  expect(asked).toHaveLength(1);

  const { local, remote, both } = await hits(url, join(cwd, 'out'));
  expect(remote).toBeGreaterThan(0.8); // expected at random: 5 of 150
  expect(both).toBeGreaterThanOrEqual(local - 0.05);
}, 240_000);

test('an API that refuses the key fails the run without revealing it, and the old index is kept', async () => {
  const server = createServer((_, response) =>
    response
      .writeHead(401, { 'content-type': 'application/json' })
      .end(JSON.stringify({ error: { message: `No such key: ${KEY}` } })),
  );
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const cwd = folderForTest({ 'docs.jsonl': '{"id":"a","text":"One."}\n{"id":"b","text":"Two."}' });
  const run = async (...flags: string[]): Promise<{ code: number; said: string }> => {
    const said: string[] = [];
    const io = {
      print: (line: string) => said.push(line),
      note: (line: string) => said.push(line),
      env: { ERA_SEARCH_QUERY_KEY: KEY },
      cwd,
    };
    return {
      code: await runCli(
        [
          'index',
          '--corpus',
          'docs.jsonl',
          '--output-path',
          'out',
          '--cache',
          'cache',
          '--no-model-files',
          '--verbose',
          ...flags,
        ],
        io,
      ),
      said: said.join('\n'),
    };
  };
  expect((await run()).code).toBe(0);
  const before = bytesBelow(join(cwd, 'out'));
  const { code, said } = await run(
    '--query-url',
    `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    '--query-model',
    MODEL,
  );
  expect(code).toBe(1);
  expect(said).toContain('unauthorized');
  expect(said).not.toContain(KEY);
  expect(bytesBelow(join(cwd, 'out'))).toEqual(before);
});

/** Share of the task's questions whose answer is among the first five documents, by query path. */
async function hits(url: string, output: string): Promise<Record<QueryPath, number>> {
  const { manifest, pages, passages, vectors } = publishedIn(output);
  const texts = QUERIES.map(({ query }) => query);
  const remote = await createRemoteEncoder({ baseUrl: url, model: MODEL, prompt: PROMPT }).encode(texts, 'query');
  const { encoder } = await openEncoder({
    model: DEFAULT_MODEL,
    modelBase: join(packageRoot(), 'public/models'),
    device: 'cpu',
  });
  const local = await encoder.encode(texts, 'query');
  await encoder.dispose();
  const ranker = createRanker(vectors!);
  const share = async (path: QueryPath): Promise<number> => {
    const entry = manifest.adapters.find((adapter) => adapter.path === path);
    const input = queryInput({ local, remote }, path, QUERIES.length);
    const mapped = entry
      ? applyAdapter(readAdapter(new Uint8Array(readFileSync(join(output, entry.file)))), input)
      : input;
    const { rows } = await ranker.rank(mapped, passages.length);
    const isFound = (query: LabelledQuery, i: number): boolean => {
      const ranked = [...rows.subarray(i * passages.length, (i + 1) * passages.length)].map(
        (row) => pages[passages[row]!.page]!.id!,
      );
      return [...new Set(ranked)].slice(0, 5).some((id) => positiveIds(query).includes(id));
    };
    return QUERIES.filter(isFound).length / QUERIES.length;
  };
  const shares = {
    static: 0,
    local: await share('local'),
    remote: await share('remote'),
    both: await share('both'),
  };
  return shares;
}
