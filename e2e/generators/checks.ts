// Compares an indexed site with what is expected of it. A check returns one line for each fault.

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pages as contentPages, type Page } from './content.ts';
import { CHROME, type Edition, type Expectation } from './expectations.ts';
import { ORIGIN, type IndexedPage, type IndexedSite } from './indexed.ts';
import { plainSections, type PlainSection } from './plain-text.ts';

/**
 * `pages`: those of the content and no lists, 404 pages or settings. `titles`: and languages. `headings`: and anchors.
 * `text`: all of it, in its section. `code`: letter for letter. `clean`: no words of menus, buttons and footers.
 * `answers`: each sentence leads to its own page, and only there.
 */
export const CHECKS = ['pages', 'titles', 'headings', 'text', 'code', 'clean', 'answers'] as const;
export type Check = (typeof CHECKS)[number];
export type Faults = Readonly<Record<Check, readonly string[]>>;

interface Placed {
  readonly edition: Edition;
  readonly page: Page;
  readonly address: string;
}

export async function checkSite(site: IndexedSite, folder: string, expectation: Expectation): Promise<Faults> {
  const placed = expectation.editions.flatMap((edition) =>
    contentPages(edition.language, edition.version).map((page) => ({
      edition,
      page,
      address: edition.at + expectation.address(page.path),
    })),
  );
  const byAddress = new Map(site.pages.map((page) => [addressOf(page), page]));
  return {
    pages: checkPages(site, placed, expectation, byAddress),
    titles: placed.flatMap(({ page, edition, address }) => {
      const found = byAddress.get(address);
      if (!found) return [];
      const language = found.language.slice(0, 2);
      return [
        ...(found.title === (expectation.titles[page.path] ?? page.title)
          ? []
          : [`${address}: titled “${found.title}”`]),
        ...(language === edition.language || language === '' ? [] : [`${address}: language ${language}`]),
      ];
    }),
    headings: (await Promise.all(placed.map((one) => checkHeadings(one, byAddress, folder, expectation)))).flat(),
    text: placed.flatMap((one) => checkText(one, byAddress, expectation)),
    code: checkCode(site, placed, byAddress, expectation),
    clean: site.pages.flatMap((page) => checkClean(page, placed, expectation)),
    answers: await checkAnswers(site, placed, expectation),
  };
}

const addressOf = ({ url }: IndexedPage): string => url.replace(/^\.\/$/, '');

function checkPages(
  { pages }: IndexedSite,
  placed: readonly Placed[],
  expectation: Expectation,
  byAddress: ReadonlyMap<string, IndexedPage>,
): string[] {
  const missing = placed.filter(({ address }) => !byAddress.has(address)).map(({ address }) => `${address}: no page`);
  const known = new Set(placed.map(({ address }) => address));
  // A page that is not translated is there in the other language, and read in that.
  const fallbacks = expectation.editions.map(({ at }) => at + expectation.address('guide/checklist'));
  const unknown = pages.flatMap((page) => {
    const address = addressOf(page);
    if (known.has(address)) return [];
    const isUntranslated = fallbacks.includes(address) || expectation.untranslated.some((one) => one.test(address));
    if (!isUntranslated)
      return expectation.others.some((other) => other.test(address)) ? [] : [`${address}: is no answer`];
    return page.language.startsWith('en') ? [] : [`${address}: not translated, but read as ${page.language}`];
  });
  return [...missing, ...unknown];
}

async function checkHeadings(
  { page, address }: Placed,
  byAddress: ReadonlyMap<string, IndexedPage>,
  folder: string,
  { anchor }: Expectation,
): Promise<string[]> {
  const found = byAddress.get(address);
  if (!found) return [];
  const html = await readFile(join(folder, address.replace(/(^|\/)$/, '$1index.html')), 'utf8');
  return plainSections(page).flatMap(({ heading }) => {
    if (heading === '') return [];
    const passages = found.passages.filter(({ headings }) => headings.at(-1) === heading);
    if (passages.length === 0) return [`${address}: no section “${heading}”`];
    const expected = anchor(heading);
    return passages.flatMap(({ anchor: own, headings }) => [
      ...((typeof expected === 'string' ? expected === own : expected.test(own)) && html.includes(`id="${own}"`)
        ? []
        : [`${address}: “${heading}” is at #${own}`]),
      ...(headings.length === 1 ? [] : [`${address}: “${heading}” is below ${headings.slice(0, -1).join(' › ')}`]),
    ]);
  });
}

/** Every line of the content is in a passage of its section, other than code. */
function checkText(
  { page, address }: Placed,
  byAddress: ReadonlyMap<string, IndexedPage>,
  { lacks }: Expectation,
): string[] {
  const found = byAddress.get(address);
  if (!found) return [];
  return plainSections(page).flatMap(({ heading, lines }) => {
    const text = found.passages
      .filter(({ headings }) => (headings.at(-1) ?? '') === heading)
      .map((passage) => passage.text)
      .join('\n');
    return lines
      .filter((line) => line.kind !== 'code' && line.kind !== 'label' && !lacks.includes(line.kind))
      .filter((line) => !loose(text).includes(loose(line.text)))
      .map((line) => `${address}: ${line.kind} “${line.text}” is not below “${heading}”`);
  });
}

/** Blanks around the plus of keys are the generator's choice. */
const loose = (text: string): string => text.replace(/ ?\+ ?/g, '+');

/** Passages have no empty lines. */
const withoutEmptyLines = (code: string): string => code.replace(/\n\n+/g, '\n');

/** Letter for letter, with its indentation. */
function checkCode(
  { pages }: IndexedSite,
  placed: readonly Placed[],
  byAddress: ReadonlyMap<string, IndexedPage>,
  { code }: Expectation,
): string[] {
  const ofContent = placed.flatMap(({ page, address }) =>
    plainSections(page)
      .flatMap(({ lines }) => lines.filter(({ kind }) => kind === 'code'))
      .filter(
        ({ text }) =>
          !byAddress.get(address)?.passages.some((passage) => passage.text.includes(withoutEmptyLines(text))),
      )
      .map(({ text }) => `${address}: “${text.split('\n')[0]!} …” is not there letter for letter`),
  );
  const ofOthers = code
    .filter(
      (text) =>
        !pages.some(({ passages }) => passages.some((passage) => passage.text.includes(withoutEmptyLines(text)))),
    )
    .map((text) => `“${text.split('\n')[0]!} …” is on no page letter for letter`);
  return [...ofContent, ...ofOthers];
}

/** A comment in a shell's code is the text of its tab; a callout may have its title in front of its text. */
function linesKnown({ lines }: PlainSection): string[] {
  const callouts = lines.filter(({ kind }) => kind === 'callout').map(({ text }) => text);
  const single = lines.flatMap(({ text }) => text.split('\n').map((line) => loose(line.trim())));
  return [...single, ...callouts.map((text, i) => `${text}. ${callouts[i + 1] ?? ''}`)];
}

function checkClean(page: IndexedPage, placed: readonly Placed[], { ownLines }: Expectation): string[] {
  const address = addressOf(page);
  const content = placed.find((one) => one.address === address);
  const known = content && new Set(plainSections(content.page).flatMap(linesKnown));
  const lines = page.passages.flatMap(({ text, headings }) => [...text.split('\n'), ...headings]);
  const headings = content ? plainSections(content.page).map(({ heading }) => heading) : [];
  const strange = lines
    .map((line) => line.trim())
    .filter((line) => line !== '' && !ownLines.some((own) => own.test(line)))
    .filter(
      (line) =>
        CHROME.some((chrome) => chrome.test(line)) ||
        (known !== undefined &&
          !known.has(loose(line.replace(/^# /, ''))) &&
          !headings.includes(line) &&
          ![' | ', ' '].some((mark) => line.split(mark).every((cell) => known.has(cell)))),
    );
  return [...new Set(strange)].map((line) => `${address}: “${line}”`);
}

/** In a page of its language, each sentence leads to its page first, and no other page of the answer says it. */
async function checkAnswers(
  { collection }: IndexedSite,
  placed: readonly Placed[],
  { asked }: Expectation,
): Promise<string[]> {
  const faults: string[] = [];
  const inSite = (url: string | null): string => decodeURIComponent((url ?? '').slice(ORIGIN.length));
  for (const { page, address, edition } of placed.filter(({ edition }) => edition.isCurrent)) {
    for (const { text, kind } of plainSections(page).flatMap(({ lines }) => lines)) {
      if (!text.endsWith('.') || kind === 'code') continue;
      const { pages } = await collection.search(text, { mode: 'keyword', language: edition.language }).best();
      const saying = pages.filter(({ sections }) =>
        sections.some((section) => loose(section.text).includes(loose(text))),
      );
      const at = saying.map(({ url }) => inSite(url));
      if (at.length !== 1 || at[0] !== address || saying[0] !== pages[0])
        faults.push(`“${text}” is answered by ${pages.length === 0 ? 'nothing' : [...new Set([inSite(pages[0]!.url), ...at])].join(', ')} instead of ${address}`); // prettier-ignore
    }
  }
  for (const { query, leadsTo, says } of asked) {
    const { pages } = await collection.search(query, { mode: 'keyword', language: 'en' }).best();
    const first = pages[0]?.sections[0];
    if (!first || !leadsTo.test(inSite(first.url)) || !first.text.includes(says))
      faults.push(`“${query}” leads to ${inSite(first?.url ?? null)}: ${(first?.text ?? 'nothing').slice(0, 60)}`);
  }
  return faults;
}
