// Writes a report to the files of the flags, in four formats, and as Markdown to standard output.

import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { EraError, messageOf } from '../../errors.ts';
import type { CommandIo } from '../command-io.ts';
import { reportCsv } from './csv.ts';
import { reportPage } from './html/page.ts';
import { reportMarkdown } from './markdown.ts';
import type { Report } from './report.ts';

const FORMATS = {
  json: (report: Report): string => `${JSON.stringify(report, null, 1)}\n`,
  markdown: (report: Report): string => `${reportMarkdown(report)}\n`,
  csv: reportCsv,
  html: reportPage,
} as const;

type Format = keyof typeof FORMATS;

const FORMAT_NAMES = Object.keys(FORMATS) as readonly Format[];

/** Path for each kind of file; undefined for none. */
export type ReportFiles = { readonly [format in Format]: string | undefined };

/**
 * Checked before the run, so that an hour of work does not end at a missing folder. @throws EraError `invalid-option`
 */
export async function assertWritable(files: ReportFiles): Promise<void> {
  await onEach(files, async (path) => {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, '', { flag: 'a' });
  });
}

/** @throws EraError `invalid-option` for a file that can no longer be written, after the report is printed */
export async function writeReport(report: Report, files: ReportFiles, io: CommandIo): Promise<void> {
  io.print(reportMarkdown(report));
  await onEach(files, (path, format) => writeFile(path, FORMATS[format](report)));
}

async function onEach(files: ReportFiles, act: (path: string, format: Format) => Promise<void>): Promise<void> {
  for (const format of FORMAT_NAMES) {
    const path = files[format];
    if (path === undefined) continue;
    try {
      await act(path, format);
    } catch (cause) {
      throw new EraError('invalid-option', `Cannot write ${path}: ${messageOf(cause)}`, { cause });
    }
  }
}
