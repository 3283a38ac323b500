import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeTask, parseDocs, parseQueries } from '../../evaluate/parse-task.ts';
import { eraSplit } from '../../evaluate/split.ts';
import { demoCorpora } from './demo-indexes.mjs';
import { repositoryRoot } from './script.mjs';

const corpora = join(repositoryRoot, 'public/corpora');
const read = (name: string, file: string): string => readFileSync(join(corpora, name, file), 'utf8');
const folders = readdirSync(corpora).filter((name) => !name.endsWith('.json'));

test.each(folders)('the bundled corpus %s is a valid task with a source and a notice', (name) => {
  const task = makeTask(name, parseDocs(read(name, 'docs.jsonl')), parseQueries(read(name, 'queries.jsonl')));
  expect(task.queries.every(({ labels }) => labels.length > 0)).toBe(true);
  expect(read(name, 'SOURCE.md')).toContain('**licence**');
  expect(readFileSync(join(repositoryRoot, 'NOTICE'), 'utf8')).toMatch(new RegExp(`^${name} +`, 'm'));
});

test.each(demoCorpora(repositoryRoot))(
  'the demo corpus $name is as corpora.json says, its examples from the half that is never trained on',
  ({ name, passages, queries, examples }) => {
    expect(parseDocs(read(name, 'docs.jsonl'))).toHaveLength(passages);
    const labelled = parseQueries(read(name, 'queries.jsonl'));
    expect(labelled).toHaveLength(queries);
    expect(examples.length).toBeGreaterThan(3);
    const { evaluation } = eraSplit(
      labelled.map(({ qid }) => qid),
      0.4,
    );
    for (const example of examples)
      expect(evaluation, example).toContain(labelled.find(({ query }) => query === example)?.qid);
  },
);
