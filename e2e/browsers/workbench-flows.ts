// What the owner of a site does: aligns a large model without labels, and adapts by labels.

import { once } from 'node:events';
import { expect, test } from 'vitest';
import { QUERY_MODEL, startEmbeddings } from '../support/embeddings-server.ts';
import { WANTED } from '../support/wanted-pages.ts';
import { strictHeaders } from '../support/service-worker-site.ts';
import type { FlowContext } from './flows.ts';
import type { Watched } from './watched.ts';

export function workbenchFlows(context: FlowContext): void {
  test('the owner of a site marks a result, imports labels, aligns, adapts, and the search uses what was learned', async () => {
    const api = await startEmbeddings();
    const server = await context.serve(undefined, strictHeaders(new URL(api.url).origin));
    const choice = new URLSearchParams({
      'query-url': api.url,
      'query-model': QUERY_MODEL.model,
      'query-prompt': QUERY_MODEL.prompt,
    });
    const page = await context.openAt(server.url, `era-search/playground/?${choice.toString()}`);
    const testId = (name: string, inner = ''): string => `[data-testid=${name}] ${inner}`.trim();
    await page.shows(testId('index'), 'in this browser');
    await page.click('button', 'Load it');
    await page.shows(testId('model'), 'ready');

    await page.click('input[type=search]');
    await page.tab.type('laptop on battery');
    await page.tab.press('Enter');
    await page.until(
      'all columns',
      (query) => {
        const { allOf } = globalThis as unknown as Watched;
        return (
          allOf('.columns')[0]?.dataset['query'] === query &&
          allOf('article.ranking').length > 0 &&
          allOf('article.ranking[aria-busy=true]').length === 0
        );
      },
      'laptop on battery',
    );
    await page.click('[data-column=dense] .hit button', 'Right');
    await page.shows(testId('own-labels-count'), '1 query, 1 mark');
    await page.tab.evaluate(
      (text) => {
        const [input] = (globalThis as unknown as Watched).allOf(
          'input[type=file][accept*=jsonl]',
        ) as HTMLInputElement[];
        const files = new DataTransfer();
        files.items.add(new File([text], 'labels.jsonl'));
        input!.files = files.files;
        input!.dispatchEvent(new Event('change', { bubbles: true }));
      },
      WANTED.map(([query, id]) => JSON.stringify({ qid: query, query, labels: [{ id, score: 1 }] })).join('\n'),
    );
    await page.shows(testId('label-note'), '12 labelled queries imported.');

    await page.click('button.primary', 'Align');
    await page.shows(testId('adapters', 'button'), 'Save both-aligned.safetensors');
    await page.until(
      'the end of the alignment',
      () => (globalThis as unknown as Watched).allOf('.progress').length === 0,
    );
    await page.click('button.primary', 'Adapt');
    await page.shows(testId('reports', '[data-path=local][data-decision=applied]'));
    await page.shows(testId('scores', 'tr[data-stage=adapted]'));
    await page.until(
      'the end of the training',
      () => (globalThis as unknown as Watched).allOf('.progress').length === 0,
    );
    await page.until(
      'an answer by what was learned',
      (selector) => (globalThis as unknown as Watched).allOf(selector)[0]?.dataset['stage'] === 'adapted',
      '[data-column=best] [data-testid=source]',
    );
    expect(await page.complaints()).toEqual([]);

    await page.reload();
    await page.shows(testId('adapters', 'button'), 'Save local-adapted.safetensors');
    expect(await page.complaints()).toEqual([]);
    api.process.kill();
    await once(api.process, 'close');
  });
}
