// Finds which version of the software each page is about, and which one is current: some documentation has every page
// once for each version.

import { EraError } from '../../errors.ts';
import { groupBy } from '../../group-by.ts';
import { digestOf, withFacts } from './collected-page.ts';
import type { CollectedPage } from './extracted-page.ts';

/** The filter that has them. */
export const VERSION_FILTER = 'version';
/** In place of a current version: all are searched. */
export const ALL_VERSIONS = 'all';

/** Names of what is released, the likelier one later. */
const RELEASED = ['latest', 'current', 'release', 'stable'];
const UNRELEASED = /^(?:next|main|master|trunk|dev|devel|develop|edge|nightly|unreleased|canary|snapshot)$/i;
const NUMBER = /^v?\d+(?:\.(?:\d+|x))*(?:[-._]?(?:alpha|beta|rc|dev|pre|next|snapshot)[-._]?\d*)?$/i;
const PRE_RELEASE = /\d[-._]?(?:alpha|beta|rc|dev|pre|next|snapshot)/i;
/** A folder of a year, as of news. */
const YEAR = /^(?:19|20)\d\d$/;
/** A number that may be that of a chapter or an issue too. */
const BARE = /^\d+$/;
const NUMBERS = /v?\d+(?:\.\d+)*/gi;
/** Share of the pages of one of two folders that the other must have too, at the same place with the same title. */
const SHARE = 0.5;
/** Share of the pages of `latest` and the like that must be those of a number, to be another name of it. */
const SHARE_OF_ALIAS = 0.9;

export interface Versioned {
  /** Pages of a version have the filter `version`. Those of the current one come first, then those of newer ones. */
  readonly pages: CollectedPage[];
  /** The version that is searched where a query names none; null for all. */
  readonly current: string | null;
}

interface Placed {
  readonly page: CollectedPage;
  /** In its address, that may be a version; empty for none. */
  readonly folder: string;
  /** Its address without that. */
  readonly place: string;
}

/**
 * A page's versions are those of `<meta name="docsearch:version">`; where no page has it, the folder in its address
 * that looks like a version, if another version has half of the pages of that folder under the same titles. The current
 * one is that of the pages outside such folders, else `stable`, `latest` or the like, else the highest number that is
 * released. Where the author has a filter `version`, that is left as it is.
 * @param wanted the current version; `all` for none. @default found as above
 * @throws EraError `invalid-option` for a version that no page has
 */
export function withVersions(pages: readonly CollectedPage[], wanted?: string): Versioned {
  const judged = pages.filter(({ isRecord }) => !isRecord);
  const isOwners = judged.some(({ extracted }) => Object.hasOwn(extracted.page.filters, VERSION_FILTER));
  const placed = isOwners ? [] : judged.map(placeOf);
  const isSaid = placed.some(({ page }) => page.extracted.versions.length > 0);
  const names = isSaid ? new Map(placed.map(({ page }) => [page, page.extracted.versions])) : namesByFolder(placed);
  const order = newestFirst(placed, names);
  if (wanted !== undefined && wanted !== ALL_VERSIONS && !order.includes(wanted))
    throw new EraError(
      'invalid-option',
      `No page is of the version “${wanted}”: ${order.length < 2 ? 'the site has one version' : `there are ${order.join(', ')}`}.`,
      { details: { option: 'currentVersion' } },
    );
  if (order.length < 2) return { pages: [...pages], current: null };
  const current = wanted ?? order[0]!;
  const ranks = new Map([...order, current].map((name, i) => [name, name === current ? -1 : i]));
  const rankOf = (page: CollectedPage): number =>
    Math.min(...(names.get(page) ?? []).map((name) => ranks.get(name)!), order.length);
  const ranked = pages.map((page) => ({ rank: rankOf(page), page: withFilter(page, names.get(page) ?? []) }));
  return {
    pages: ranked.toSorted((a, b) => a.rank - b.rank).map(({ page }) => page),
    current: current === ALL_VERSIONS ? null : current,
  };
}

function withFilter(page: CollectedPage, versions: readonly string[]): CollectedPage {
  if (versions.length === 0) return page;
  return withFacts(page, { filters: { ...page.extracted.page.filters, [VERSION_FILTER]: versions } });
}

/** All names, the one that is most likely current first. */
function newestFirst(placed: readonly Placed[], names: ReadonlyMap<CollectedPage, readonly string[]>): string[] {
  const folders = new Map<string, Set<string>>();
  for (const { page, folder } of placed)
    for (const name of names.get(page) ?? []) folders.set(name, (folders.get(name) ?? new Set()).add(folder));
  const areFolders = [...folders.values()].some((of) => !of.has(''));
  const standingOf = (name: string): number =>
    Math.max(...[...folders.get(name)!].map((folder) => standingIn(folder, name, areFolders)));
  const standing = new Map([...folders.keys()].map((name) => [name, standingOf(name)]));
  const collator = new Intl.Collator('en', { numeric: true });
  return [...folders.keys()].sort(
    (a, b) => standing.get(b)! - standing.get(a)! || collator.compare(b.replace(/^v/i, ''), a.replace(/^v/i, '')),
  );
}

/**
 * How likely a version is current, by its name and a folder of its pages, empty for pages outside such folders.
 * @param areFolders whether other versions have folders
 */
function standingIn(folder: string, name: string, areFolders: boolean): number {
  if (UNRELEASED.test(name) || UNRELEASED.test(folder)) return 0;
  if (folder === '' && areFolders) return 3 + RELEASED.length;
  if (PRE_RELEASE.test(name)) return 1;
  return 3 + Math.max(...[name, folder].map((part) => RELEASED.indexOf(part.toLowerCase())));
}

function placeOf(page: CollectedPage): Placed {
  const path = page.url.replace(/[?#].*$/s, '').replace(/(^|\/)index\.x?html?$/i, '$1');
  const folders = path.split('/').slice(0, -1);
  const at = folders.findIndex(
    (folder, i) => isNamed(folder) || (NUMBER.test(folder) && !YEAR.test(folder) && folders[i - 1] !== 'page'),
  );
  return { page, folder: folders[at] ?? '', place: at < 0 ? path : path.split('/').toSpliced(at, 1).join('/') };
}

function isNamed(folder: string): boolean {
  return RELEASED.includes(folder.toLowerCase()) || UNRELEASED.test(folder);
}

/** Versions by folder: the name of a folder is that of the version, `latest` and the like may be another name of it. */
function namesByFolder(placed: readonly Placed[]): Map<CollectedPage, readonly string[]> {
  const folders = groupBy(placed, ({ folder }) => folder);
  const keys = new Map(Array.from(folders, ([folder, pages]) => [folder, keysOf(pages)] as const));
  const versions = [...folders.keys()].filter((folder) => folder !== '' && isVersion(folder, keys));
  const besides = new Set(versions.flatMap((folder) => folders.get(folder)!.map(({ place }) => place)));
  const unnamed = ['current', ...RELEASED].find((name) => !folders.has(name)) ?? '';
  const names = new Map<CollectedPage, readonly string[]>();
  for (const [folder, pages] of folders) {
    const name = versions.includes(folder) ? aliasOf(pages, versions, folders) : unnamed;
    for (const { page, place } of pages)
      if (folder === '' ? besides.has(place) : versions.includes(folder)) names.set(page, [name]);
  }
  return names;
}

/** Keys of the pages of a folder: a page of another with the same key is the same page of another version. */
interface FolderKeys {
  /** By place and title. */
  readonly exact: ReadonlySet<string>;
  /** The same without the numbers of the title. */
  readonly loose: ReadonlySet<string>;
}

function keysOf(pages: readonly Placed[]): FolderKeys {
  const keys = (titleOf: (title: string) => string): Set<string> =>
    new Set(pages.map(({ place, page }) => JSON.stringify([place, titleOf(page.extracted.page.title)])));
  return { exact: keys((title) => title), loose: keys((title) => title.replace(NUMBERS, '')) };
}

/**
 * Whether another folder, or the site outside such folders, has the same pages. A name that is no number, or a single
 * page, may be the same by chance.
 */
function isVersion(folder: string, folders: ReadonlyMap<string, FolderKeys>): boolean {
  return [...folders].some(([other, theirs]) => {
    if (other === folder) return false;
    const kind = BARE.test(folder) || BARE.test(other) ? 'exact' : 'loose';
    const [own, others] = [folders.get(folder)![kind], theirs[kind]];
    const shared = [...own].filter((key) => others.has(key)).length;
    const needed = other === '' ? own.size : Math.min(own.size, others.size);
    const numbers = [folder, other].filter((name) => NUMBER.test(name)).length;
    return shared >= Math.max(needed * SHARE, 3 - numbers);
  });
}

/** The number that the pages of a folder such as `latest` are of; else the folder's own name. */
function aliasOf(
  pages: readonly Placed[],
  versions: readonly string[],
  folders: ReadonlyMap<string, readonly Placed[]>,
): string {
  const { folder } = pages[0]!;
  if (NUMBER.test(folder)) return folder;
  const textOf = ({ page: { extracted }, place }: Placed): string =>
    digestOf(place, extracted.page.title, extracted.sections);
  const own = pages.map(textOf);
  const isSame = (other: string): boolean => {
    const theirs = new Set(folders.get(other)!.map(textOf));
    return own.filter((text) => theirs.has(text)).length >= own.length * SHARE_OF_ALIAS;
  };
  return versions.filter((other) => NUMBER.test(other)).find(isSame) ?? folder;
}
