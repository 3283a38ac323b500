// Reads the text that a general table is made from: a folder with one folder for each source, whose text files have one
// paragraph a line. A file `licence.txt` says under which licence the source may be used.

import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { EraError, messageOf } from '../../errors.ts';
import { Random } from '../../math/random.ts';
import { sentences as sentencesOf } from '../../text/split-text.ts';

export interface GeneralText {
  /** Distinct, shuffled. */
  readonly sentences: readonly string[];
  readonly sources: readonly { readonly name: string; readonly licence: string; readonly sentences: number }[];
}

export interface GeneralTextOptions {
  readonly seed: number;
  /** BCP 47, of all text. */
  readonly language: string;
}

const LICENCE_FILE = 'licence.txt';
/** Shorter ones are headings and menus, longer ones lists and data. */
const WORDS = { least: 3, most: 48 } as const;
/** Share of letters and spaces below which a line is code or data. */
const LEAST_PROSE = 0.8;
/** No source makes more than this share of the sentences. */
const MOST_OF_A_SOURCE = 0.25;

/** @throws EraError `invalid-option` for a folder without text or a source without a licence */
export async function readGeneralText(folder: string, options: GeneralTextOptions): Promise<GeneralText> {
  const fail = (why: string, cause?: unknown): never => {
    throw new EraError('invalid-option', `${folder}: ${why}`, { details: { folder }, cause });
  };
  const entries = await readdir(folder, { withFileTypes: true }).catch((cause: unknown) =>
    fail(messageOf(cause), cause),
  );
  const names = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  const random = new Random(options.seed);
  const seen = new Set<string>();
  const bySource: { name: string; licence: string; found: string[] }[] = [];
  for (const name of names.sort()) {
    const licence = await readFile(join(folder, name, LICENCE_FILE), 'utf8').catch(() =>
      fail(`the source ${name} has no ${LICENCE_FILE}`),
    );
    const found: string[] = [];
    for (const file of (await readdir(join(folder, name))).sort()) {
      if (!file.endsWith('.txt') || file === LICENCE_FILE) continue;
      for (const sentence of proseOf(await readFile(join(folder, name, file), 'utf8'), options.language)) {
        if (seen.has(sentence)) continue;
        seen.add(sentence);
        found.push(sentence);
      }
    }
    bySource.push({ name, licence: licence.trim(), found: random.shuffle(found) });
  }
  const limit = Math.ceil(seen.size * MOST_OF_A_SOURCE);
  const all = bySource.flatMap(({ found }) => found.slice(0, limit));
  if (all.length === 0) fail('there are no sentences in its sources');
  return {
    sentences: random.shuffle(all),
    sources: bySource.map(({ name, licence, found }) => ({
      name,
      licence,
      sentences: Math.min(limit, found.length),
    })),
  };
}

function proseOf(text: string, language: string): string[] {
  return text
    .split('\n')
    .flatMap((line) => sentencesOf(line, language))
    .map((sentence) => sentence.trim())
    .filter(isProse);
}

function isProse(sentence: string): boolean {
  const words = sentence.split(/\s+/).length;
  if (words < WORDS.least || words > WORDS.most) return false;
  return sentence.replaceAll(/[^\p{L}\p{M}\s]/gu, '').length >= LEAST_PROSE * sentence.length;
}
