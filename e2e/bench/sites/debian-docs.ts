// The documentation sites: HTML from Debian packages, downloaded and unpacked into a folder without root.

import { copyFile, mkdir, readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { glob } from 'tinyglobby';
import { downloadPackage, packageIn, unpackPackage } from '../debian-package.ts';

export interface DocSite {
  readonly name: string;
  /** Package names in order of preference; each Debian release has one of them. */
  readonly packages: readonly string[];
  /** Path patterns of the HTML in the unpacked package; the first that matches is taken. */
  readonly html: string;
}

export const DOC_SITES: readonly DocSite[] = [
  { name: 'git', packages: ['git-doc'], html: 'usr/share/doc/git-doc' },
  {
    name: 'python',
    packages: ['python3.11-doc', 'python3.13-doc', 'python3.12-doc'],
    html: 'usr/share/doc/python3.*/html',
  },
  { name: 'sqlite', packages: ['sqlite3-doc'], html: 'usr/share/doc/sqlite3' },
];

/** @returns the folder of the HTML and the package it came from, `name_version` */
export async function provideDocs(site: DocSite, work: string): Promise<{ html: string; source: string }> {
  const unpacked = join(work, site.name, 'package');
  let found = await findDocs(site, unpacked);
  if (!found) {
    await mkdir(join(work, site.name), { recursive: true });
    await download(site, join(work, site.name));
    await unpackPackage(join(work, site.name), unpacked);
    found = await findDocs(site, unpacked);
  }
  if (!found) throw new Error(`The package of ${site.name} has no ${site.html}.`);
  const deb = await packageIn(join(work, site.name));
  return { html: found, source: decodeURIComponent(deb?.replace(/_all\.deb$/, '') ?? site.packages[0]!) };
}

async function findDocs(site: DocSite, unpacked: string): Promise<string | undefined> {
  const [folder] = await glob(site.html, {
    cwd: unpacked,
    onlyDirectories: true,
    absolute: true,
    followSymbolicLinks: false,
  });
  return folder;
}

async function download(site: DocSite, folder: string): Promise<void> {
  const problems: string[] = [];
  for (const name of site.packages) {
    try {
      await downloadPackage(name, folder);
      return;
    } catch (cause) {
      problems.push(`${name}: ${cause instanceof Error ? cause.message.trim() : String(cause)}`);
    }
  }
  throw new Error(
    `The HTML of ${site.name} is in Debian's package ${site.packages.join(' or ')}. "apt-get download" did not bring it (after "apt-get update" as root it may):\n` +
      `${problems.join('\n')}\nWithout apt: fetch the .deb from packages.debian.org, unpack it with "dpkg -x FILE.deb ${join(folder, 'package')}" (or "ar x" and "tar xf data.tar.*") and start again.`,
  );
}

export interface WhichPages {
  /** Path patterns. */
  readonly patterns?: readonly string[];
  readonly isWanted?: (html: string) => boolean;
}

/**
 * Copies the pages alone, so that no engine sees files of another. Links are copied as files.
 *
 * @returns the number of pages
 */
export async function copyPages(
  html: string,
  target: string,
  { patterns = ['**/*.html'], isWanted }: WhichPages = {},
): Promise<number> {
  await rm(target, { recursive: true, force: true });
  let pages = 0;
  for (const file of await glob(patterns, { cwd: html })) {
    if (isWanted && !isWanted(await readFile(join(html, file), 'utf8'))) continue;
    const copy = join(target, file);
    await mkdir(dirname(copy), { recursive: true });
    await copyFile(join(html, file), copy);
    pages++;
  }
  return pages;
}
