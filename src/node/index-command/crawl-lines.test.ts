import { expect, test } from 'vitest';
import { runCli } from '../run-cli.ts';
import { folderForTest } from '../setup/folder-for-test.ts';
import { startSite } from '../site/crawl/site-for-test.ts';
import { html } from '../site/site-for-test.ts';
import { planLines, waitLine } from './crawl-lines.ts';

const host = (name: string, pages: number, delayMs: number): { host: string; pages: number; delayMs: number } => ({
  host: name,
  pages,
  delayMs,
});

test('an estimate has the most pages and the least time', () => {
  const one = { pages: 10_000, read: 0, over: 0, hosts: [host('docs.example.com', 10_000, 500)], leastMs: 4_999_500 };
  expect(planLines(one)).toEqual([
    'Fetching at most 10000 pages of docs.example.com, at least 83 min 20 s, one request in 0.5 s.',
  ]);
  expect(planLines({ pages: 1, read: 0, over: 0, hosts: [host('a', 1, 0)], leastMs: 0 })).toEqual([
    'Fetching at most 1 page of a, without a pause.',
  ]);
  expect(
    planLines({ pages: 9, read: 4, over: 2, hosts: [host('a', 6, 10_000), host('b', 3, 0)], leastMs: 50_000 }),
  ).toEqual([
    'Fetching at most 9 pages of 2 hosts, at least 50 s.',
    '  a: 6, one request in 10 s',
    '  b: 3, without a pause',
    '  4 more were read by the last run, which did not end',
    '  2 more are left out: --max-pages takes a higher limit',
  ]);
  const many = Array.from({ length: 12 }, (_, i) => host(`h${i}`, 1, 500));
  expect(planLines({ pages: 12, read: 0, over: 0, hosts: many, leastMs: 0 }).at(-1)).toBe('  and 2 more');
  expect(planLines({ pages: 0, read: 0, over: 0, hosts: [], leastMs: 0 })).toEqual(['Fetching at most 0 pages.']);
});

test('a wait that a host asks for is told with its budget, a short one is not', () => {
  expect(waitLine({ host: 'a:81', ms: 30_000, waitedMs: 90_000, maxMs: 600_000 })).toBe(
    '  a:81 is busy: waiting 30 s, 1 min 30 s of at most 10 min 0 s (--max-wait)',
  );
  expect(waitLine({ host: 'a', ms: 4999, waitedMs: 90_000, maxMs: 600_000 })).toBeNull();
});

test('the command says the estimate before the summary, and takes the limit of waiting in whole minutes', async () => {
  const site = await startSite({ '/a': html('A', 'First text.'), '/b': html('B', 'Second text.') });
  const noted: string[] = [];
  const io = { print: () => undefined, note: (line: string) => noted.push(line), env: {}, cwd: folderForTest() };
  const urls = ['/a', '/b'].flatMap((path) => ['--url', site.url + path]);
  const args = ['index', ...urls, '--allow-private-host', site.host, '--out', 'out', '--no-vectors', '--no-element'];
  expect(await runCli(args, io)).toBe(0);
  expect(noted[0]).toBe(`Fetching at most 2 pages of ${site.host}, without a pause.`);
  expect(noted.findIndex((line) => line.startsWith('Indexed 2 pages'))).toBeGreaterThan(0);

  expect(await runCli([...args, '--max-wait', '0'], io)).toBe(2);
});
