// From attributes to what the engine takes: where the index is, who reads queries, what to ask for.

import type { RemoteOptions, CollectionInfo } from '../index.ts';
import type { SiteSettings } from './shared-site.ts';

export interface QueryAttributes {
  readonly bundle: string;
  readonly queryUrl: string;
  readonly queryModel: string;
  readonly queryPrompt: string;
  readonly queryDimensions: number | null;
}

/**
 * @param home the folder of the element's own script Addresses are relative to the page's own address, not to a <base>,
 * which anything that can write into the page can change.
 */
export function toSettings(
  { bundle, queryUrl, queryModel, queryPrompt, queryDimensions }: QueryAttributes,
  home: string,
): SiteSettings {
  const folder = new URL(bundle === '' ? home : bundle, location.href).href;
  const query: RemoteOptions | null =
    queryUrl === ''
      ? null
      : {
          baseUrl: new URL(queryUrl, location.href).href,
          model: queryModel,
          ...(queryPrompt === '' ? {} : { prompt: queryPrompt }),
          ...(queryDimensions === null ? {} : { dimensions: queryDimensions }),
        };
  return { bundle: /\.json$|\/$/.test(folder) ? folder : `${folder}/`, query };
}

/** The language that results are held to: the one that was named, else the page's where the site has it and others. */
export function resultLanguage(named: string, pageLanguage: string, site: CollectionInfo | null): string | undefined {
  if (named === 'all') return undefined;
  if (named !== '') return named;
  if (!site || site.languages.length < 2) return undefined;
  const [language = ''] = pageLanguage.toLowerCase().split('-');
  return language !== '' && site.languages.some((other) => other.split('-')[0] === language) ? language : undefined;
}

/** Names of a comma list; null for all. */
export function nameList(list: string | null): readonly string[] | null {
  return list === null
    ? null
    : list
        .split(',')
        .map((name) => name.trim())
        .filter((name) => name !== '');
}
