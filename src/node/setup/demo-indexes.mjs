// Makes the collection of each demo corpus in .cache/collections/<name>, again only when the corpus, the model or the
// format of an index has changed, and reports the progress of each.

import { join } from 'node:path';
import { buildCollection } from './build-collection.mjs';
import { readJson } from './read-json.mjs';
import { messageOf } from './setup-error.mjs';
import { hashInputs, isMade, makeOnce } from './stamp.mjs';
import { step } from './step.mjs';

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
  'src/node/setup/build-collection-child.mjs',
];

/**
 * @typedef {{ name: string, title: string, passages: number, queries: number, examples: string[] }} DemoCorpus
 *
 * @typedef {import('../serve/collection-states.ts').CollectionState} CollectionState
 */

/**
 * In the order in which the page lists them and they are made: the first is the one that a visitor finds ready.
 * @param {string} root
 */
export function demoCorpora(root) {
  return /** @type {DemoCorpus[]} */ (readJson(join(root, 'public/corpora/corpora.json')));
}

/** The collections of the demo corpora of one repository. */
export class DemoIndexes {
  /** @type {Map<string, { corpus: DemoCorpus, stamp: import('./stamp.mjs').Stamp, docs: string, out: string, state: CollectionState }>} */
  #demos = new Map();
  #build;

  /**
   * @param {string} root
   * @param {{ build?: typeof buildCollection, folder?: string }} [options] `folder`: where the collections are,
   * .cache/collections by default
   */
  constructor(root, { build = buildCollection, folder = join(root, '.cache/collections') } = {}) {
    this.#build = build;
    const model = ['era-model.json', 'onnx/model_quantized.onnx', 'tokenizer.json', 'tokenizer_config.json'].map(
      (file) => `${MODEL}/${file}`,
    );
    const common = hashInputs(root, [...model, ...CODE]);
    for (const corpus of demoCorpora(root)) {
      const { name, passages } = corpus;
      const docs = `public/corpora/${name}/docs.jsonl`;
      const out = join(folder, name);
      const hash = `${common}${hashInputs(root, [docs])}`;
      const stamp = { stampFile: `${out}.stamp`, result: join(out, 'era-search.json'), hash };
      const begun = /** @type {const} */ ({ name, total: passages, problem: null });
      this.#demos.set(name, {
        corpus,
        stamp,
        docs: join(root, docs),
        out,
        state: isMade(stamp) ? { ...begun, state: 'ready', done: passages } : { ...begun, state: 'waiting', done: 0 },
      });
    }
  }

  get names() {
    return [...this.#demos.keys()];
  }

  get states() {
    return [...this.#demos.values()].map(({ state }) => state);
  }

  /**
   * Makes one that is not ready.
   * @param {string} name
   * @param {import('./script.mjs').Script} script
   * @param {boolean} [inBackground] gives way to every other process, and says nothing on its way
   * @throws SetupError `index-failed`, which is told as its state, too; the signal's reason
   */
  async prepare(name, script, inBackground = false) {
    const demo = this.#demos.get(name);
    if (!demo) throw new Error(`There is no demo corpus ${name}.`);
    const { corpus, stamp, docs, out } = demo;
    const { title, passages } = corpus;
    /** @param {Partial<CollectionState>} change */
    const set = (change) => void (demo.state = { ...demo.state, ...change });
    const quarters = inBackground ? () => undefined : quarterLines(passages, script.say);
    const build = () =>
      this.#build({ name, docs, out, inBackground }, script, (left) => {
        const done = Math.max(0, passages - left); // equal texts, and those of a run that was stopped, have theirs
        set({ done });
        quarters(done);
      });
    try {
      script.signal.throwIfAborted();
      await makeOnce(stamp, async () => {
        set({ state: 'embedding', done: 0, problem: null });
        await step(script.say, `Embedding the demo corpus ${title}`, build, ` (${name}, ${passages} passages)`);
      });
      set({ state: 'ready', done: passages });
    } catch (error) {
      if (script.signal.aborted) set({ state: 'waiting', done: 0 });
      else set({ state: 'failed', problem: `${messageOf(error)} ${AGAIN}` });
      throw error;
    }
  }

  /**
   * Makes one after the other. One that fails is told and does not hold up the others.
   * @param {readonly string[]} names
   * @param {import('./script.mjs').Script} script
   * @param {boolean} [inBackground]
   * @throws the signal's reason
   */
  async prepareAll(names, script, inBackground) {
    for (const name of names) {
      try {
        await this.prepare(name, script, inBackground);
      } catch (error) {
        script.signal.throwIfAborted();
        script.say(`${messageOf(error)} ${AGAIN}`);
      }
    }
  }
}

const AGAIN = 'When that is mended, stop npm start and run it again.';

/**
 * @param {import('./script.mjs').Script} script
 * @param {readonly string[]} names
 * @throws SetupError `index-failed`
 */
export async function prepareDemoIndexes(script, names) {
  const demos = new DemoIndexes(script.root);
  for (const name of names) await demos.prepare(name, script);
}

/**
 * @param {number} total
 * @param {(line: string) => void} say
 * @returns {(done: number) => void} says every further quarter once
 */
function quarterLines(total, say) {
  let said = 0;
  return (done) => {
    const quarter = Math.floor((4 * done) / total);
    if (quarter <= said || quarter === 4) return;
    said = quarter;
    say(`  ${done} of ${total} passages`);
  };
}
