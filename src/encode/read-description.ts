// Reads the description of a model from its files: `era-model.json`, which `era-search golden` writes; else the files
// that sentence-transformers and transformers.js write. Sources: sbert.net (modules, 1_Pooling, prompts), the
// config.json of each architecture.

import { EraError } from '../errors.ts';
import type { ModelOptions } from './model-choice.ts';
import { DESCRIPTION_FILE, type ModelFiles } from './model-files.ts';
import type { ModelDescription } from './models.ts';

type Fields = Readonly<Record<string, unknown>>;
type Found = Omit<ModelOptions, 'name'>;

/** What `era-model.json` says; null where there is none. @throws EraError `model-load` for one that is damaged */
export async function readOwnDescription(files: ModelFiles): Promise<Found | null> {
  const own = await files.description();
  return own === null ? null : checked(fieldsOf(own), files);
}

/**
 * @returns the description in its other files, of which any field may be missing
 * @throws EraError `model-load` for a file that is damaged, and for a model that does more than the engine supports
 */
export async function readDescription(files: ModelFiles): Promise<Found> {
  const [config, tokenizer, modules, pooling, sentences, prompts] = (
    await Promise.all(
      [
        'config.json',
        'tokenizer_config.json',
        'modules.json',
        '1_Pooling/config.json',
        'sentence_bert_config.json',
        'config_sentence_transformers.json',
      ].map((file) => files.optionalJson(file)),
    )
  ).map(fieldsOf);
  refuseMore(modules!, pooling!, files);
  return {
    dims: first(pooling!, ['word_embedding_dimension']) ?? first(config!, ['hidden_size', 'dim', 'd_model', 'n_embd']),
    pooling: poolingOf(pooling!, files),
    maxTokens: lengthOf(first(sentences!, ['max_seq_length']) ?? first(tokenizer!, ['model_max_length']), config!),
    ...promptsOf(fieldsOf(prompts!['prompts'])),
  };
}

/**
 * The number of positions of a model is always a limit; in models of RoBERTa's kind positions begin after the padding
 * index.
 */
function lengthOf(said: number | undefined, config: Fields): number | undefined {
  const positions = first(config, ['max_position_embeddings', 'n_positions']);
  const offset = /roberta|camembert|mpnet/.test(String(config['model_type']))
    ? (first(config, ['pad_token_id']) ?? 1) + 1
    : 0;
  const limits = [said, positions === undefined ? undefined : positions - offset].filter(
    (limit) => limit !== undefined,
  );
  return limits.length === 0 ? undefined : Math.min(...limits);
}

const POOLINGS: Readonly<Record<string, ModelDescription['pooling']>> = {
  pooling_mode_mean_tokens: 'mean',
  pooling_mode_cls_token: 'cls',
  pooling_mode_lasttoken: 'last',
};

function poolingOf(config: Fields, files: ModelFiles): ModelDescription['pooling'] | undefined {
  const named = Object.keys(config).filter((key) => key.startsWith('pooling_mode_') && config[key] === true);
  if (named.length === 0) return undefined;
  const pooling = named.length === 1 ? POOLINGS[named[0]!] : undefined;
  if (!pooling)
    throw beyond(
      files,
      '1_Pooling/config.json',
      `pools by ${named.map((name) => name.replace('pooling_mode_', '')).join(' and ')}`,
    );
  return pooling;
}

/** Refuses layers after the pooling: they change the vectors, and without them the ranking would be wrong. */
function refuseMore(modules: Fields, pooling: Fields, files: ModelFiles): void {
  const types = Object.values(modules).map((module) => String(fieldsOf(module)['type']).split('.').at(-1)!);
  const strange = types.filter((type) => !['Transformer', 'Pooling', 'Normalize'].includes(type));
  if (strange.length > 0) throw beyond(files, 'modules.json', `has the layers ${strange.join(', ')}`);
  if (pooling['include_prompt'] === false)
    throw beyond(files, '1_Pooling/config.json', 'leaves the prompt out of the pooling');
}

/** Prompt prefixes of sentence-transformers, by the names that models give them. */
function promptsOf(prompts: Fields): Pick<ModelOptions, 'queryPrompt' | 'passagePrompt'> {
  const template = (...names: readonly string[]): string | undefined => {
    const prefix = names.map((name) => prompts[name]).find((value) => typeof value === 'string');
    return prefix === undefined || prefix === '' ? undefined : `${prefix}{text}`;
  };
  return {
    queryPrompt: template('query', 's2p_query', 'retrieval.query'),
    passagePrompt: template('passage', 'document', 'retrieval.passage'),
  };
}

function checked(fields: Fields, files: ModelFiles): Found {
  const text = (name: string): string | undefined => (typeof fields[name] === 'string' ? fields[name] : undefined);
  const weights = fieldsOf(fields['weights']);
  const { pooling, dims, maxTokens, languages } = fields;
  const isWhole = (value: unknown): boolean =>
    value === undefined || (Number.isSafeInteger(value) && (value as number) > 0);
  if (
    !isWhole(dims) ||
    !isWhole(maxTokens) ||
    (pooling !== undefined && !Object.values(POOLINGS).includes(pooling as never)) ||
    Object.values(weights).some((file) => typeof file !== 'string') ||
    !(languages === undefined || isTexts(languages))
  ) {
    throw new EraError('model-load', `${files.folder}${DESCRIPTION_FILE} is no description of a model.`, {
      details: { address: files.folder + DESCRIPTION_FILE },
    });
  }
  return {
    revision: text('revision'),
    dims: dims as number | undefined,
    pooling: pooling as ModelDescription['pooling'] | undefined,
    maxTokens: maxTokens as number | undefined,
    queryPrompt: text('queryPrompt'),
    passagePrompt: text('passagePrompt'),
    weights: fields['weights'] === undefined ? undefined : weights,
    languages,
  };
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}

function beyond(files: ModelFiles, file: string, what: string): EraError {
  return new EraError('model-load', `${files.folder}${file}: the model ${what}, which this encoder does not support.`, {
    details: { address: files.folder + file },
  });
}

/** Some files have floats beyond any length, such as 1e30 for no limit; these are ignored. */
function first(fields: Fields, names: readonly string[]): number | undefined {
  return names
    .map((name) => fields[name])
    .find((value): value is number => Number.isSafeInteger(value) && (value as number) > 0 && (value as number) <= 1e6);
}

function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? (value as Fields) : {};
}
