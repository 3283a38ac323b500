// `era-search static-base`: makes the general table of a small model, from which the static query encoder of every
// collection starts.

import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { DEFAULT_ANALYZER } from '../../analysis/analyzers.ts';
import { DEFAULT_MODEL } from '../../encode/models.ts';
import { openEncoder } from '../../encode/open-encoder.ts';
import { GENERAL_TABLE_FILE, writeGeneralTable } from '../../encode/static/general-table.ts';
import { EraError } from '../../errors.ts';
import { spaceId } from '../../space.ts';
import type { CommandIo } from '../command-io.ts';
import { cachedEncoder } from '../evaluate/cached-encoder.ts';
import { readSeed } from '../evaluate/evaluate-options.ts';
import { packageRoot } from '../package-root.ts';
import { fitGeneral } from './fit-general.ts';
import { readGeneralText } from './general-text.ts';

const USAGE = `era-search static-base --text DIR [flags]

Makes the general table of a small model: a vector for each frequent word of general text, such that the words of a sentence add up to the
vector that the model gives the sentence. "era-search index" refines it on the passages of a site, so that queries are read without a model.

  --text DIR       one folder a source: licence.txt, and .txt files with a paragraph a line
  --model M        the small model                                    (${DEFAULT_MODEL})
  --models DIR     folder of the small models                         (the models that come with era-search)
  --out FILE       the table                                          (${GENERAL_TABLE_FILE} in the folder of the model)
  --sentences N    most sentences that the model reads, at random     (150000)
  --words N        most words, the most frequent of all text          (40000)
  --language L     of the text                                        (en)
  --cache DIR      vectors that were computed already                 (.cache/static-base)
  --seed N         of the choice                                      (42)
  --help`;

/**
 * @returns the exit code, 0
 * @throws EraError for bad flags and files, and what a model throws; the signal's reason
 */
export async function runStaticBase(args: string[], io: CommandIo): Promise<number> {
  const { values } = parseArgs({
    args,
    options: {
      text: { type: 'string' },
      model: { type: 'string', default: DEFAULT_MODEL },
      models: { type: 'string', default: join(packageRoot(), 'public/models') },
      out: { type: 'string' },
      sentences: { type: 'string', default: '150000' },
      words: { type: 'string', default: '40000' },
      language: { type: 'string', default: 'en' },
      cache: { type: 'string', default: '.cache/static-base' },
      seed: { type: 'string', default: '42' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    io.print(USAGE);
    return 0;
  }
  if (values.text === undefined)
    throw new EraError('invalid-option', '--text is missing: name a folder of text.', { details: { option: 'text' } });
  const read = countOf('sentences', values.sentences);
  const words = countOf('words', values.words);
  const seed = readSeed(values.seed);
  const { sentences, sources } = await readGeneralText(values.text, { seed, language: values.language });
  io.note(`${String(sentences.length)} sentences of ${String(sources.length)} sources`);
  const { encoder } = await openEncoder({
    model: values.model,
    modelBase: values.models,
    device: 'cpu',
    signal: io.signal,
  });
  const cached = cachedEncoder(
    {
      space: encoder.space,
      embed: (texts, signal) => encoder.encode(texts, 'passage', { signal, reproducible: true }),
      dispose: () => encoder.dispose(),
    },
    values.cache,
    io,
  );
  try {
    const { table, heldOutCosine } = await fitGeneral(sentences, {
      analyzer: DEFAULT_ANALYZER,
      space: spaceId(encoder.space),
      dims: encoder.space.dims,
      words,
      read,
      readTerms: (terms) => cached.encode(terms, 'words'),
      readSentences: (texts) => cached.encode(texts, 'sentences'),
      provenance: {
        sentences: `${String(sentences.length)}, of which the model read ${String(Math.min(read, sentences.length))}`,
        seed: String(seed),
        ...Object.fromEntries(
          sources.map(({ name, licence, sentences: count }) => [
            `source.${name}`,
            `${String(count)} sentences, ${licence}`,
          ]),
        ),
      },
      pause: () => {
        io.signal?.throwIfAborted();
        return Promise.resolve();
      },
    });
    const provenance = { ...table.provenance, heldOutCosine: heldOutCosine.toFixed(4) };
    const bytes = writeGeneralTable({ ...table, provenance });
    const out = values.out ?? join(values.models, values.model, GENERAL_TABLE_FILE);
    await writeFile(out, bytes);
    io.print(
      `${out}: ${String(table.terms.length)} words, cosine ${provenance.heldOutCosine} on sentences left out, sha-256 ${createHash('sha256').update(bytes).digest('hex')}`,
    );
    return 0;
  } finally {
    await cached.close();
  }
}

function countOf(option: string, text: string): number {
  const count = Number(text);
  if (Number.isInteger(count) && count >= 1) return count;
  throw new EraError('invalid-option', `--${option} is a whole number of at least 1, not “${text}”.`, {
    details: { option },
  });
}
