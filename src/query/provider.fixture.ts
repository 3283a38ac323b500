// What a row of the table of embeddings APIs holds, and what several rows share.

import type { RemoteOptions } from './remote-options.ts';

export type AnswerForm = 'openai' | 'no-index-0' | 'bare-list' | 'embeddings' | 'embeddings.float';

export interface Provider {
  readonly name: string;
  /** Path of the address that an owner gives as baseUrl, with its query. */
  readonly base: string;
  /** What an owner sets besides the address and the key. */
  readonly options: Omit<RemoteOptions, 'baseUrl'>;
  /** Header that holds the key; null for servers of one's own without keys. */
  readonly keyHeader: 'authorization' | 'api-key' | null;
  /** Path and query of the request that goes out. */
  readonly path: string;
  /** Body of the request for the texts `['one', 'two']` as queries. */
  readonly query: Readonly<Record<string, unknown>>;
  /** The same for documents; absent where it is the same. */
  readonly document?: Readonly<Record<string, unknown>>;
  /** Every field that the API knows. Those with a list of values take no others. */
  readonly fields: Readonly<Record<string, readonly unknown[] | null>>;
  /** Whether a field that the API does not know is refused. */
  readonly refusesUnknown: boolean;
  readonly answer: AnswerForm;
  /** Most texts in a request; null where only the tokens are limited. */
  readonly maxTexts: number | null;
  /** Documented length of a text, in tokens. */
  readonly maxTokens: string;
  /** Status and body for too many texts. */
  readonly tooMany: { readonly status: number; readonly body: unknown } | null;
  /** Status and body for a text that is too long; null where texts are cut, or where no such answer is known. */
  readonly tooLong: { readonly status: number; readonly body: unknown } | null;
  /** Other documented refusals. */
  readonly errors: readonly { readonly status: number; readonly body: unknown; readonly says: string }[];
  readonly unchecked: string;
}

export const INPUT: readonly string[] = ['one', 'two'];
export const ENCODINGS: readonly string[] = ['float', 'base64'];

export function openAiError(message: string, type = 'invalid_request_error', code: string | null = null): unknown {
  return { error: { message, type, param: null, code } };
}
