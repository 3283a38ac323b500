// The calls of a site's search, made in a page that has an engine under `engine`.

import type { Page } from '@playwright/test';
import type { EngineStatus, SiteAnswer, SiteInfo, SiteSearchOptions } from '../../src/index.ts';
import type { EnginePage } from './engine-page.ts';

export interface SitePage extends EnginePage {
  engine: InstanceType<EnginePage['era']['Engine']>;
}
export interface Asked {
  readonly answer: SiteAnswer;
  /** Why the answer is less; an error loses its code on the way out of the page. */
  readonly degraded: string | undefined;
  /** What `onKeyword` was called with. */
  readonly early: readonly SiteAnswer[];
}

export const openSite = (page: Page): Promise<SiteInfo> => page.evaluate(() => (globalThis as unknown as SitePage).engine.openSite({ url: './era-search/' }));
export const status = (page: Page): Promise<EngineStatus> => page.evaluate(() => (globalThis as unknown as SitePage).engine.status);
export const complete = (page: Page): Promise<{ info: SiteInfo; progress: { loadedBytes: number; totalBytes: number }[] }> =>
  page.evaluate(async () => {
    const progress: { loadedBytes: number; totalBytes: number }[] = [];
    const info = await (globalThis as unknown as SitePage).engine.completeSite({ onProgress: (told) => progress.push(told) });
    return { info, progress };
  });
export const ask = (page: Page, text: string, options: Omit<SiteSearchOptions, 'signal' | 'onKeyword'> = {}): Promise<Asked> =>
  page.evaluate(
    async ({ text, options }) => {
      const early: SiteAnswer[] = [];
      const answer = await (globalThis as unknown as SitePage).engine.searchSite(text, { ...options, onKeyword: (told) => early.push(told) });
      return { answer, early, degraded: answer.degraded?.code };
    },
    { text, options },
  );
export const search = async (page: Page, text: string, options: Omit<SiteSearchOptions, 'signal' | 'onKeyword'> = {}): Promise<SiteAnswer> => (await ask(page, text, options)).answer;
/** Rejections of the page arrive as text: the code is asked for there. */
export const codeOf = (page: Page, call: 'openSite' | 'searchSite' | 'completeSite'): Promise<string> =>
  page.evaluate(async (method) => {
    const { engine } = globalThis as unknown as SitePage;
    try {
      await (method === 'openSite' ? engine.openSite({ url: './era-search/' }) : method === 'searchSite' ? engine.searchSite('restore a backup') : engine.completeSite());
      return 'none';
    } catch (error) {
      return (error as { code?: string }).code ?? 'no code';
    }
  }, call);
