// Builds the search index of each demo corpus into .cache/indexes/<name>, again only when the corpus, the model or the code
// that makes indexes changed.

import { join } from 'node:path';
import { cliIo } from './load-cli.mjs';
import { readJson } from './read-json.mjs';
import { SetupError } from './setup-error.mjs';
import { hashInputs, makeOnce } from './stamp.mjs';

const MODEL = 'public/models/Xenova/all-MiniLM-L6-v2';
const CODE = ['src/encode', 'src/format', 'src/text', 'src/evaluate/parse-task.ts', 'src/math/quantize.ts', 'src/node/index-command'];

/** @param {string} root */
export function demoCorpora(root) {
  return /** @type {{ name: string, title: string, passages: number }[]} */ (readJson(join(root, 'public/corpora/corpora.json')));
}

/**
 * @param {import('./script.mjs').Script} script
 * @param {import('./load-cli.mjs').RunCli} runCli
 * @throws SetupError `index-failed`
 */
export async function prepareDemoIndexes(script, runCli) {
  const { root, say, signal } = script;
  for (const { name, title, passages } of demoCorpora(root)) {
    const docs = `public/corpora/${name}/docs.jsonl`;
    const out = join(root, '.cache/indexes', name);
    const inputs = [docs, `${MODEL}/onnx/model_quantized.onnx`, `${MODEL}/tokenizer.json`, `${MODEL}/tokenizer_config.json`, ...CODE];
    const hash = hashInputs(root, inputs, (path) => !path.endsWith('.test.ts'));
    await makeOnce({ stampFile: `${out}.stamp`, result: join(out, 'index.json'), hash }, async () => {
      say(`Embedding the demo corpus ${title} (${name}, ${passages} passages).`);
      const code = await runCli(['index', join(root, docs), '--out', out, '--models', join(root, 'public/models')], cliIo(script));
      signal.throwIfAborted();
      if (code !== 0) throw new SetupError('index-failed', `The index of ${name} could not be built: see above.`);
    });
  }
}
