// Makes a folder that `evaluate` reads from the hub's files of one task: ids become text, sub-splits are joined like
// ERA's (by id, the last row with an id counts), and labels and rows that no ranking can find are left out and counted.
// Every file is parsed before it gets its name.

import { createWriteStream } from 'node:fs';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { assertLabels, parseLines, parseQueries, Row } from '../../evaluate/parse-task.ts';
import { listPassages, namingFile, readLines } from '../evaluate/passage-file.ts';
import { onDisk } from './download.ts';

export interface RawFile {
  readonly path: string;
  /** Name of the sub-split; null for the only part. */
  readonly split: string | null;
}

export interface StoredQueries {
  readonly queries: number;
  /** Labels whose passages are not in the corpus. */
  readonly labelsDropped: number;
  /** Queries that a later one with the same id replaced. */
  readonly replaced: number;
}

/** @throws EraError `malformed-jsonl`, `empty-corpus`, `too-large`, `invalid-option` where a file cannot be written */
export async function storePassages(raw: readonly RawFile[], path: string): Promise<void> {
  const lastPlace = new Map<string, number>();
  for await (const { id, place } of readRaw(raw)) lastPlace.set(id, place);
  const temporary = `${path}.new`;
  await onDisk(temporary, () => pipeline(Readable.from(keptPassages(raw, lastPlace)), createWriteStream(temporary)));
  await listPassages(temporary);
  await onDisk(path, () => rename(temporary, path));
}

/** @param passages ids of the stored passages @throws EraError as `storePassages` */
export async function storeQueries(
  raw: readonly RawFile[],
  path: string,
  passages: { readonly has: (id: string) => boolean },
): Promise<StoredQueries> {
  const byId = new Map<string, object>();
  let labelsDropped = 0;
  let replaced = 0;
  for (const { path: rawPath, split } of raw) {
    await namingFile(rawPath, async () => {
      parseLines(await readFile(rawPath, 'utf8'), (row) => {
        const qid = idOf(row, 'qid');
        const all = labelsOf(row);
        const labels = all.filter(({ id }) => passages.has(id));
        labelsDropped += all.length - labels.length;
        if (byId.has(qid)) replaced++;
        byId.set(qid, {
          qid,
          instruction: row.optionalText('instruction'),
          query: row.text('query'),
          labels,
          ...(split !== null && { split }),
        });
      });
    });
  }
  const text = Array.from(byId.values(), (query) => `${JSON.stringify(query)}\n`).join('');
  assertLabels(path, passages, parseQueries(text));
  await onDisk(`${path}.new`, () => writeFile(`${path}.new`, text));
  await onDisk(path, () => rename(`${path}.new`, path));
  return { queries: byId.size, labelsDropped, replaced };
}

async function* keptPassages(raw: readonly RawFile[], lastPlace: ReadonlyMap<string, number>): AsyncGenerator<string> {
  for await (const { place, ...row } of readRaw(raw))
    if (lastPlace.get(row.id) === place) yield `${JSON.stringify(row)}\n`;
}

interface RawPassage {
  readonly id: string;
  readonly doc: string;
  readonly split?: string;
  /** Position in all files, ascending from file to file and from line to line. */
  readonly place: number;
}

/** All rows with text; rows without cannot be embedded. */
async function* readRaw(raw: readonly RawFile[]): AsyncGenerator<RawPassage> {
  let place = 0;
  for (const { path, split } of raw) {
    for await (const { text, number } of readLines(path)) {
      const row = new Row(text, number);
      const doc = row.optionalText('doc');
      if (doc.trim() !== '') yield { id: idOf(row, 'id'), doc, ...(split !== null && { split }), place: place++ };
    }
  }
}

/** Some ids on the hub are numbers. */
function idOf(row: Row, field: string): string {
  const value = row.value(field);
  if ((typeof value !== 'string' || value === '') && typeof value !== 'number')
    row.fail('malformed-jsonl', `“${field}” is no id`);
  return String(value);
}

/** TREC marks junk with grades below 0, which count as 0. A passage labelled twice has the later grade, as in ERA. */
function labelsOf(row: Row): { id: string; score: number }[] {
  const labels = row.value('labels') ?? [];
  if (!Array.isArray(labels)) row.fail('malformed-jsonl', '“labels” is not a list');
  const grades = new Map<string, number>();
  for (const label of labels as unknown[]) {
    const { id, score } = (label ?? {}) as { id?: unknown; score?: unknown };
    if (typeof id !== 'string' && typeof id !== 'number') row.fail('malformed-jsonl', 'a label has no “id”');
    if (!Number.isSafeInteger(Number(score))) row.fail('malformed-jsonl', `the score of “${id}” is not a whole number`);
    grades.set(String(id), Math.max(0, Number(score)));
  }
  return Array.from(grades, ([id, score]) => ({ id, score }));
}
