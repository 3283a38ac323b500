// Makes the collection of each demo corpus in .cache/collections/<name>, again only when the corpus, the model or the
// format of an index has changed.

import { join } from 'node:path';
import { cliIo } from './load-cli.mjs';
import { readJson } from './read-json.mjs';
import { SetupError } from './setup-error.mjs';
import { hashInputs, makeOnce } from './stamp.mjs';

const MODEL = 'public/models/Xenova/all-MiniLM-L6-v2';
/**
 * The few files that determine the content of a collection. With all of src/encode and src/format, every changed
 * comment would cause minutes of embedding.
 */
const CODE = [
  'src/encode/models.ts',
  'src/encode/pooling.ts',
  'src/encode/tokenizer.ts',
  'src/format/passage.ts',
  'src/format/site-manifest.ts',
  'src/build/make-bundle.ts',
];

/** @param {string} root */
export function demoCorpora(root) {
  return /** @type {{ name: string, title: string, passages: number, queries: number, examples: string[] }[]} */ (
    readJson(join(root, 'public/corpora/corpora.json'))
  );
}

/**
 * @param {import('./script.mjs').Script} script
 * @param {import('./load-cli.mjs').RunCli} runCli
 * @param {readonly string[]} [names] of the wanted corpora; else all
 * @throws SetupError `index-failed`
 */
export async function prepareDemoIndexes(script, runCli, names) {
  const { root, say, signal } = script;
  for (const { name, title, passages } of demoCorpora(root)) {
    if (names?.includes(name) === false) continue;
    const docs = `public/corpora/${name}/docs.jsonl`;
    const out = join(root, '.cache/collections', name);
    const inputs = [
      docs,
      `${MODEL}/onnx/model_quantized.onnx`,
      `${MODEL}/tokenizer.json`,
      `${MODEL}/tokenizer_config.json`,
      ...CODE,
    ];
    const hash = hashInputs(root, inputs);
    await makeOnce({ stampFile: `${out}.stamp`, result: join(out, 'era-search.json'), hash }, async () => {
      say(`Embedding the demo corpus ${title} (${name}, ${passages} passages).`);
      const code = await runCli(
        [
          'index',
          join(root, docs),
          '--out',
          out,
          '--models',
          join(root, 'public/models'),
          '--no-model-files',
          '--no-element',
        ],
        cliIo(script),
      );
      signal.throwIfAborted();
      if (code !== 0) throw new SetupError('index-failed', `The index of ${name} could not be built: see above.`);
    });
  }
}
