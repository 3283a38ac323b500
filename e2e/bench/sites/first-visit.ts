// A first visit: somebody types a query into the element of a page that no cache has, and then a second one. Requests
// and bytes are counted from the navigation on, the page, its script and the worker included.

import type { Browser, Page } from '@playwright/test';
import type { CountingServer, Sent } from './counting-server.ts';

/** What is on the wire until an answer stands. */
export interface Stand {
  readonly sent: readonly Sent[];
  /** Since the navigation began. */
  readonly ms: number;
}

export interface FirstVisit {
  readonly query: string;
  /** The first answer, whatever ranked it. */
  readonly any: Stand;
  /** The first answer by meaning and keywords; null where keywords alone ranked. */
  readonly meaning: Stand | null;
  /** All results that were asked for, with their texts. */
  readonly complete: Stand;
  /** What a second query of the same visit adds, until all of its results stand. */
  readonly second: readonly Sent[];
}

interface Noted {
  readonly query: string;
  readonly vector: string;
  readonly isLast: boolean;
  /** In milliseconds since 1970. */
  readonly at: number;
  readonly ms: number;
}

type NotingPage = typeof globalThis & { readonly noted: Noted[] };

export const ELEMENT_PAGE = `<!doctype html><html lang="en"><title>site</title><script type="module" src="/era-search/era-search.js"></script><era-search mode="inline"></era-search>`;

/**
 * Notes every answer. The visitor saves data, as a browser's setting says it: the rest of the index is then not fetched
 * in the background while requests are counted, and everything else is the same.
 */
function noteAnswers(): void {
  Object.defineProperty(navigator, 'connection', { value: { saveData: true } });
  const noted: Noted[] = [];
  Object.assign(globalThis, { noted });
  document.addEventListener('era-search:results', ({ detail: { answer } }) => {
    const { query, isLast, source } = answer;
    noted.push({ query, vector: source.vector, isLast, at: Date.now(), ms: performance.now() });
  });
}

/** Opens the page in a browser without caches. The caller closes the page's context. */
export async function openFirstTime(browser: Browser, address: string): Promise<Page> {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.addInitScript(noteAnswers);
  await page.goto(address, { waitUntil: 'commit' });
  return page;
}

/** Asks, and waits for the last answer. @returns all answers to the query */
export async function ask(page: Page, query: string): Promise<readonly Noted[]> {
  await page.getByRole('combobox').fill(query);
  await page.waitForFunction(
    (text) => (globalThis as NotingPage).noted.some((answer) => answer.query === text && answer.isLast),
    query,
  );
  return page.evaluate((text) => (globalThis as NotingPage).noted.filter((answer) => answer.query === text), query);
}

/** @param address of a page with the element */
export async function firstVisit(
  browser: Browser,
  server: CountingServer,
  address: string,
  { query, second }: { readonly query: string; readonly second?: string },
): Promise<FirstVisit> {
  server.takeSent();
  const page = await openFirstTime(browser, address);
  try {
    const answers = await ask(page, query);
    const sent = server.takeSent();
    const stand = ({ at, ms }: Noted): Stand => ({ sent: sent.filter((file) => file.at <= at), ms });
    const byMeaning = answers.find(({ vector }) => vector === 'static');
    if (second !== undefined) await ask(page, second);
    return {
      query,
      any: stand(answers[0]!),
      meaning: byMeaning ? stand(byMeaning) : null,
      complete: stand(answers.at(-1)!),
      second: server.takeSent(),
    };
  } finally {
    await page.context().close();
  }
}
