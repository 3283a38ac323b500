// era-search index: a site (run-site-index.ts), or passages in JSONL to a plain index folder: arguments in, progress and a summary out.
// build-index.ts does the work of the latter.

import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { EraError } from '../../errors.ts';
import type { CommandIo } from '../command-io.ts';
import { packageRoot } from '../package-root.ts';
import { buildIndex } from './build-index.ts';
import { Rate } from './rate.ts';
import { runSiteIndex, siteHelp } from './run-site-index.ts';
import { CONFIG_FILE, siteFlags } from './site-options.ts';

const help = (): string => `era-search index --site DIR [flags]

Makes the search of a site: reads its pages, and writes DIR/era-search/ with the index, <era-search> and the small model.
A second run embeds only what changed. The same input gives the same bytes. Every flag is also an environment variable
(--output-subdir: ERA_SEARCH_OUTPUT_SUBDIR) and a key of ${CONFIG_FILE} ("output-subdir"); a flag goes first, then the variable.

${siteHelp()}

era-search index <docs.jsonl> --out DIR [flags]

Embeds the passages of a JSONL file with the small model and writes DIR/index-<hash>.era and DIR/index.json.
A row is {"id", "text", "title"?, "url"?} or {"id", "doc"}. The same input gives the same bytes.

  --out DIR      folder of the index, made where it is missing
  --model M      small model (default Xenova/all-MiniLM-L6-v2)
  --models DIR   folder that holds <model>/… (default: the models that come with era-search)
  --quiet        no progress
  --json         the summary as one JSON object`;

/** The flags of a plain index folder. */
const OPTIONS = {
  out: { type: 'string' },
  model: { type: 'string' },
  models: { type: 'string' },
  quiet: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

export async function runIndex(args: string[], io: CommandIo): Promise<number> {
  const { values, positionals } = parseArgs({ args, strict: false, allowPositionals: true, options: { ...siteFlags(), ...OPTIONS } });
  if (values['help'] === true) {
    io.print(help());
    return 0;
  }
  return positionals.length > 0 || values['out'] !== undefined ? runFolderIndex(args, io) : runSiteIndex(args, io);
}

async function runFolderIndex(args: string[], io: CommandIo): Promise<number> {
  const { values, positionals } = parseArgs({ args, allowPositionals: true, options: OPTIONS });
  const [docsPath, ...others] = positionals;
  if (docsPath === undefined || others.length > 0) throw new EraError('invalid-option', 'Name one file of passages: era-search index docs.jsonl --out DIR');
  if (values.out === undefined || values.out === '') throw new EraError('invalid-option', 'Name the folder to write to: --out DIR');

  const note = values.quiet ? () => undefined : io.note;
  const startMs = performance.now();
  let rate: Rate | undefined;
  const manifest = await buildIndex({
    docsPath,
    outDir: values.out,
    model: values.model,
    modelsDir: values.models ?? join(packageRoot(), 'public', 'models'),
    signal: io.signal,
    onProgress: (done, total) => {
      rate ??= new Rate(total, startMs);
      const line = rate.line(done, performance.now());
      if (line !== null) note(line);
    },
  });
  if (values.json) io.print(JSON.stringify(manifest));
  else note(`  ${join(values.out, manifest.file)}: ${manifest.passages} passages, ${megabytes(manifest.bytes)} MB`);
  return 0;
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1);
}
