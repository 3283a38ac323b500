// From attributes to the engine's options: the address of the index, the models that read queries, and search options.

import { EraError, readRemoteOptions, type ChosenFilters, type CollectionInfo, type RemoteOptions } from '../index.ts';
import type { SiteSettings } from './shared-site.ts';

export interface QueryAttributes {
  readonly bundle: string;
  readonly queryUrl: string;
  readonly queryModel: string;
  readonly queryPrompt: string;
  readonly queryDimensions: number | null;
  readonly queryOptions: string;
  readonly extension: string;
}

/**
 * Addresses are relative to the page's own address, not to a <base>, which anything that can write into the page can
 * change.
 * @param home the folder of the element's own script
 * @throws EraError `invalid-option` for what is no address, and for an extension of another origin than the page or this
 * script: an attribute must not bring scripts that the page's Content-Security-Policy keeps out
 */
export function toSettings(
  { bundle, queryUrl, queryModel, queryPrompt, queryDimensions, queryOptions, extension }: QueryAttributes,
  home: string,
): SiteSettings {
  const folder = addressOf(bundle === '' ? home : bundle, 'bundle').href;
  const query: RemoteOptions | null =
    queryUrl === ''
      ? null
      : {
          ...readRemoteOptions(queryOptions, 'query-options'),
          baseUrl: addressOf(queryUrl, 'query-url').href,
          model: queryModel,
          ...(queryPrompt === '' ? {} : { prompt: queryPrompt }),
          ...(queryDimensions === null ? {} : { dimensions: queryDimensions }),
        };
  return { bundle: /\.json$|\/$/.test(folder) ? folder : `${folder}/`, query, extension: moduleOf(extension, home) };
}

function addressOf(address: string, option: string): URL {
  if (URL.canParse(address, location.href)) return new URL(address, location.href);
  throw new EraError('invalid-option', `The attribute ${option} is no address: “${address}”.`, { details: { option } });
}

function moduleOf(extension: string, home: string): string | null {
  if (extension === '') return null;
  const { href, protocol, origin } = addressOf(extension, 'extension');
  if (/^https?:$/.test(protocol) && [location.origin, new URL(home).origin].includes(origin)) return href;
  throw new EraError('invalid-option', `The extension ${href} is not of this site, and is not loaded.`, {
    details: { option: 'extension' },
  });
}

/** The language that results are limited to: the named one, else the page's where the site has it and others. */
export function resultLanguage(named: string, pageLanguage: string, site: CollectionInfo | null): string | undefined {
  if (named === 'all') return undefined;
  if (named !== '') return named;
  if (!site || site.languages.length < 2) return undefined;
  const tag = pageLanguage.toLowerCase();
  const [language = ''] = tag.split('-');
  const own = site.languages.filter((other) => other.split('-')[0] === language);
  if (language === '' || own.length === 0) return undefined;
  // Brazil's and Portugal's pages are translations of each other; where some say no region, all are for everybody.
  return own.length > 1 && own.every((other) => other.includes('-')) ? tag : language;
}

/**
 * The collection's, but for its versions: a page that is about one of them searches that.
 * @param page tells its version by `docsearch:version`, else by a folder in its address
 */
export function defaultFilters({ defaultFilters, filters }: CollectionInfo, page: Document): ChosenFilters {
  if (!('version' in defaultFilters)) return defaultFilters;
  const said = page.querySelector<HTMLMetaElement>('meta[name="docsearch:version" i]')?.content.split(',') ?? [];
  const own = [...said, ...page.location.pathname.split('/')].map((name) => name.trim());
  const version = own.find((name) => Object.hasOwn(filters['version'] ?? {}, name));
  return version === undefined ? defaultFilters : { ...defaultFilters, version: [version, ''] };
}

/** Names of a comma-separated list; null for all. */
export function nameList(list: string | null): readonly string[] | null {
  return list === null
    ? null
    : list
        .split(',')
        .map((name) => name.trim())
        .filter((name) => name !== '');
}
