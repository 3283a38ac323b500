// An extension: what a site or a program adds to the engine in a module of its own. The workers of a page and Node load
// the same module and compose it in place of the engine's own parts. `era-search/extend` has these types.

import type { Trainer } from '../adapter/trainer.ts';
import type { LanguageAnalyzer } from '../analysis/analyzer.ts';
import type { Encoder, OpenedEncoder } from '../encode/encoder.ts';
import { EraError } from '../errors.ts';
import type { Retriever } from '../search/retriever.ts';

/** Parts of your own: the default export of a module that page, workers and Node load. */
export interface Extension {
  /**
   * Analyzers of languages, before the engine's own. An index names those that cut its pages, and is refused where they
   * are missing or cut otherwise. @default none
   */
  readonly analyzers?: readonly LanguageAnalyzer[] | undefined;
  /** Opens the small model of documents and queries, in place of one of transformers.js. @default none */
  readonly openEncoder?: ((options: OpenEncoderOptions) => Promise<ExtensionEncoder>) | undefined;
  /**
   * Opens what ranks the passages of a collection by meaning, in place of their vectors. Its scores are cosines or like
   * them, from −1 to 1: they are fused with those of the keywords. @default none
   */
  readonly openRetriever?: ((documents: RetrievedDocuments) => Retriever | Promise<Retriever>) | undefined;
  /**
   * Opens the trainer that is called `own`; it is given the default trainer, to build on. Its labels are checked before
   * it is called. @default none
   */
  readonly openTrainer?: ((standard: Required<Trainer>) => Required<Trainer> | Promise<Required<Trainer>>) | undefined;
}

/** What an encoder of your own is opened with. */
export interface OpenEncoderOptions {
  readonly signal?: AbortSignal | undefined;
}

/** A text that is longer than `maxTokens` is cut into passages by `countTokens`. */
export interface ExtensionEncoder extends Omit<OpenedEncoder, 'refused'> {
  /** Its space has a `revision` of its own for every change of the vectors. */
  readonly encoder: Encoder;
}

/** The passages that a retriever ranks: a doc id of its lists is the number of a passage, from 0 to count − 1. */
export interface RetrievedDocuments {
  readonly count: number;
  /** Address of the collection's manifest. */
  readonly url: string;
  /** The ids of all passages in the order of their numbers. @throws EraError as a search */
  readonly ids: () => Promise<readonly string[]>;
}

const PARTS = ['analyzers', 'openEncoder', 'openRetriever', 'openTrainer'] as const;

/**
 * @param value default export of the module
 * @param from its address, for messages
 * @throws EraError `bad-extension` for what is not an extension, or has a part that there is none of
 */
export function checkExtension(value: unknown, from: string): Extension {
  const refuse = (what: string): EraError =>
    new EraError('bad-extension', `The extension ${from} ${what}.`, { details: { extension: from } });
  if (typeof value !== 'object' || value === null) throw refuse('has no object as its default export');
  for (const [name, part] of Object.entries(value)) {
    if (!PARTS.some((known) => known === name)) throw refuse(`has “${name}”, which is not one of ${PARTS.join(', ')}`);
    if (part === undefined) continue;
    if (name === 'analyzers' ? !Array.isArray(part) : typeof part !== 'function')
      throw refuse(`needs ${name === 'analyzers' ? 'a list' : 'a function'} as “${name}”`);
  }
  const { analyzers = [] } = value as Extension;
  for (const [i, analyzer] of (analyzers as readonly unknown[]).entries())
    if (!isLanguageAnalyzer(analyzer))
      throw refuse(`has an analyzer (number ${i + 1}) without name, version, languages and load`);
  return value;
}

function isLanguageAnalyzer(value: unknown): value is LanguageAnalyzer {
  if (typeof value !== 'object' || value === null) return false;
  const { name, version, languages, load } = value as Record<keyof LanguageAnalyzer, unknown>;
  return (
    typeof name === 'string' &&
    /^[a-z][a-z0-9-]*$/.test(name) &&
    Number.isInteger(version) &&
    Array.isArray(languages) &&
    languages.every((language) => typeof language === 'string') &&
    typeof load === 'function'
  );
}
