// An index is made by as many models side by side as there are cores; how many does not change a byte of it.

import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { root, runCli } from './support/cli.ts';

const RECORDS = 320;

test('one model and three models write the same index', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'era-jobs-'));
  try {
    const docs = await readFile(join(root, 'public/corpora/HumanEval-X/docs.jsonl'), 'utf8');
    const corpus = join(folder, 'docs.jsonl');
    await writeFile(corpus, docs.split('\n').slice(0, RECORDS).join('\n'));
    const written: Map<string, Buffer>[] = [];
    for (const jobs of ['1', '3']) {
      const out = join(folder, jobs);
      const cache = join(folder, `cache-${jobs}`);
      const parts = ['--no-static', '--no-model-files', '--no-element'];
      await runCli('index', corpus, '--out', out, '--cache', cache, '--jobs', jobs, ...parts);
      written.push(await filesOf(out));
    }
    const [one, three] = written as [Map<string, Buffer>, Map<string, Buffer>];
    expect([...three.keys()]).toEqual([...one.keys()]);
    for (const [name, bytes] of one) expect(three.get(name)?.equals(bytes), name).toBe(true);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

async function filesOf(folder: string): Promise<Map<string, Buffer>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return new Map(
    await Promise.all(files.sort().map(async (path) => [path.slice(folder.length), await readFile(path)] as const)),
  );
}
