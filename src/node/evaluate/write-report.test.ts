import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { reportForTest } from './report-for-test.ts';
import { assertWritable, writeReport } from './write-report.ts';

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'write-report-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  return folder;
}

test('writes four kinds of file into folders that it makes, and prints the Markdown', async () => {
  const folder = await temporaryFolder();
  const files = {
    json: join(folder, 'a/r.json'),
    markdown: join(folder, 'b/r.md'),
    csv: join(folder, 'r.csv'),
    html: join(folder, 'r.html'),
  };
  let printed = '';
  await assertWritable(files);
  await writeReport(reportForTest(), files, { print: (line) => (printed += `${line}\n`), note: () => undefined });
  expect(JSON.parse(await readFile(files.json, 'utf8'))).toEqual(reportForTest());
  expect(await readFile(files.markdown, 'utf8')).toBe(printed);
  expect(await readFile(files.csv, 'utf8')).toMatch(/^method,path,ratio,task,/);
  expect(await readFile(files.html, 'utf8')).toMatch(/^<!doctype html>/);
});

test('reports before the work that a file cannot be written', async () => {
  const folder = await temporaryFolder();
  const files = { json: undefined, markdown: undefined, csv: join(folder, 'r.csv'), html: undefined };
  await assertWritable(files);
  await expect(assertWritable({ ...files, html: join(files.csv, 'r.html') })).rejects.toMatchObject({
    code: 'invalid-option',
  });
});
