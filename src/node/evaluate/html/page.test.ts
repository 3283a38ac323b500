import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { makeReport } from '../report.ts';
import { measuredForTest, reportForTest, SMALL } from '../report-for-test.ts';
import { reportPage } from './page.ts';

const RUN = { command: 'c', date: '2026-01-01', seed: 42, documents: 'd', queries: null };

test('text stays text: names of tasks and the command cannot become markup', () => {
  const page = reportPage(reportForTest());
  expect(page).not.toContain('<b>');
  expect(page).not.toContain('<script');
  expect(page).toContain('&lt;b&gt;&quot;Odd&quot;, name&lt;/b&gt;');
  expect(page).toContain('a &lt;/code&gt;&lt;script&gt;b');
});

test('the page loads nothing, and its policy names its one style', () => {
  const page = reportPage(reportForTest());
  const style = /<style>(.*?)<\/style>/s.exec(page)![1]!;
  expect(page).toContain(`style-src &#39;sha256-${createHash('sha256').update(style).digest('base64')}&#39;`);
  expect(page.match(/<style|style=|src=|href=|url\(|@import|\son[a-z]+=/g)).toEqual(['<style']);
});

test('every number in a figure is a number, and every element is closed', () => {
  for (const page of [
    reportPage(reportForTest()),
    reportPage(makeReport(RUN, [SMALL], SMALL)),
    reportPage(makeReport(RUN, [measuredForTest({ method: 'closed-form', path: 'remote', ratio: 0.1 }, 0)], SMALL)),
    reportPage(
      makeReport(
        RUN,
        [
          SMALL,
          measuredForTest({ method: 'chroma-mse', path: 'local', ratio: 0.05 }, 0.1),
          measuredForTest({ method: 'drift-mlp', path: 'remote', ratio: 0 }, -0.2),
        ],
        SMALL,
      ),
    ),
  ]) {
    expect(page).not.toMatch(/NaN|undefined|Infinity|null/);
    const open: string[] = [];
    for (const [, closing, name, selfClosing] of page.matchAll(/<(\/?)([a-z0-9]+)(?:\s[^<>]*?)?(\/?)>/g)) {
      if (['meta', 'html', 'body'].includes(name!) || selfClosing) continue;
      if (closing) expect(open.pop()).toBe(name);
      else open.push(name!);
    }
    expect(open).toEqual([]);
  }
});

test('a mark for every path in every task, with a title that says what it is', () => {
  const page = reportPage(reportForTest());
  expect(page.match(/<title>(Large|Small|&lt;b&gt;&quot;Odd&quot;, name&lt;\/b&gt;), closed form, /g)).toHaveLength(
    2 * 3 * 3,
  );
  expect(page.match(/<polyline class="line/g)).toHaveLength(4);
});
