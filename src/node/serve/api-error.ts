// An error of the embeddings API, in the shape that OpenAI's clients read: {error: {message, type, param, code}}.

import type { OutgoingHttpHeaders } from 'node:http';

export interface ApiErrorFields {
  /** HTTP status. */
  readonly status: number;
  readonly code: string | null;
  /** The field of the request that is wrong. */
  readonly param?: string | undefined;
  readonly headers?: OutgoingHttpHeaders | undefined;
}

export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: number;
  readonly headers: OutgoingHttpHeaders;
  readonly #code: string | null;
  readonly #param: string | null;

  constructor(message: string, { status, code, param, headers = {} }: ApiErrorFields) {
    super(message);
    this.status = status;
    this.headers = headers;
    this.#code = code;
    this.#param = param ?? null;
  }

  get body(): object {
    const type =
      this.status >= 500 ? 'server_error' : this.status === 429 ? 'rate_limit_error' : 'invalid_request_error';
    return { error: { message: this.message, type, param: this.#param, code: this.#code } };
  }
}
