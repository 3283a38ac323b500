// The query API with which the owner tries the site: from the address of this page, else the last one used here. It
// never contains a key: anyone can read what a page sends, so the key belongs in a proxy.

import type { RemoteOptions } from '../index.ts';

export interface QueryApi {
  readonly url: string;
  readonly model: string;
  /** Empty for none. */
  readonly prompt: string;
  /** Empty for the model's own. */
  readonly dimensions: string;
}

/** Names of the fields, like the attributes of <era-search>. */
export const API_FIELDS = {
  url: 'query-url',
  model: 'query-model',
  prompt: 'query-prompt',
  dimensions: 'query-dimensions',
} as const;

const KEPT_AS = 'era-search:owner:query-api';

/** The address has priority over stored values and is not stored: a link cannot change more than this visit. */
export function readQueryApi(params: URLSearchParams, kept: Pick<Storage, 'getItem'>): QueryApi | null {
  const source = params.has(API_FIELDS.url) ? params : new URLSearchParams(keptText(kept));
  const of = (field: keyof QueryApi): string => (source.get(API_FIELDS[field]) ?? '').trim();
  return of('url') === ''
    ? null
    : { url: of('url'), model: of('model'), prompt: of('prompt'), dimensions: of('dimensions') };
}

/** @param form the fields by their names in the address */
export function keepQueryApi(form: FormData, kept: Pick<Storage, 'setItem'>): void {
  const params = new URLSearchParams(Object.values(API_FIELDS).map((field) => [field, text(form, field)]));
  try {
    kept.setItem(KEPT_AS, params.toString());
  } catch {
    // The address has it.
  }
}

export function toRemoteOptions({ url, model, prompt, dimensions }: QueryApi): RemoteOptions {
  return {
    baseUrl: url,
    model,
    ...(prompt === '' ? {} : { prompt }),
    ...(dimensions === '' ? {} : { dimensions: Number(dimensions) }),
  };
}

function keptText(kept: Pick<Storage, 'getItem'>): string {
  try {
    return kept.getItem(KEPT_AS) ?? '';
  } catch {
    return '';
  }
}

function text(form: FormData, field: string): string {
  const value = form.get(field);
  return typeof value === 'string' ? value.trim() : '';
}
