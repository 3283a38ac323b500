// The calls of a collection, made in a page that has an engine as `engine`; an opened collection is in `collection`.

import type { Page } from '@playwright/test';
import type {
  Answer,
  Collection,
  CollectionInfo,
  CollectionStatus,
  EngineOptions,
  EngineStatus,
  Progress,
  SearchOptions,
} from '../../src/index.ts';
import { openEnginePage, type EnginePage } from './engine-page.ts';

export interface SitePage extends EnginePage {
  engine: InstanceType<EnginePage['era']['Engine']>;
  collection: Collection;
  /** How many answers the current `ask` has had. */
  answered: number;
}
export interface Asked {
  readonly answer: Answer;
  /** Code of the answer's `degraded`: an error loses its code on the way out of the page. */
  readonly degraded: string | undefined;
  /** The answers before the last. */
  readonly early: readonly Answer[];
}

type Options = Omit<SearchOptions, 'signal'>;

/** Opens a page that has an engine with these options, and no collection yet. */
export async function startEngine(page: Page, siteUrl: string, options: EngineOptions): Promise<void> {
  await openEnginePage(page, `${siteUrl}engine-page`);
  await page.evaluate((given) => {
    const scope = globalThis as unknown as SitePage;
    scope.engine = new scope.era.Engine(given);
  }, options as object);
}
export const open = (page: Page): Promise<CollectionInfo> =>
  page.evaluate(async () => {
    const scope = globalThis as unknown as SitePage;
    scope.collection = await scope.engine.open('./era-search/');
    return scope.collection.info;
  });
export const status = (page: Page): Promise<EngineStatus & CollectionStatus> =>
  page.evaluate(() => {
    const { engine, collection } = globalThis as unknown as SitePage;
    return { ...engine.status, ...collection.status };
  });
export const download = (page: Page): Promise<{ info: CollectionInfo; progress: Progress[] }> =>
  page.evaluate(async () => {
    const progress: Progress[] = [];
    const info = await (globalThis as unknown as SitePage).collection.download({
      onProgress: (told) => progress.push(told),
    });
    return { info, progress };
  });
/** Searches like a visitor's page: the search does not load the small model. */
export const ask = (page: Page, text: string, options: Options = {}): Promise<Asked> =>
  page.evaluate(
    async ({ text, options }) => {
      const scope = globalThis as unknown as SitePage;
      const answers: Answer[] = [];
      scope.answered = 0;
      for await (const answer of scope.collection.search(text, { encoder: 'if-ready', ...options }))
        scope.answered = answers.push(answer);
      const answer = answers.at(-1)!;
      return { answer, early: answers.slice(0, -1), degraded: answer.degraded?.code };
    },
    { text, options },
  );
export const search = async (page: Page, text: string, options: Options = {}): Promise<Answer> =>
  (await ask(page, text, options)).answer;
/** The code of the call's rejection. It is read in the page, since rejections leave the page as text. */
export const codeOf = (page: Page, call: 'open' | 'search' | 'download'): Promise<string> =>
  page.evaluate(async (method) => {
    const { engine, collection } = globalThis as unknown as SitePage;
    try {
      await (method === 'open'
        ? engine.open('./era-search/')
        : method === 'search'
          ? collection.search('restore a backup').best()
          : collection.download());
      return 'none';
    } catch (error) {
      return (error as { code?: string }).code ?? 'no code';
    }
  }, call);
