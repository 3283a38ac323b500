// What `era-search index` says of a crawl: an estimate before it starts, and waits that a busy host asks for.

import type { CrawlPlan } from '../site/crawl/crawl-plan.ts';
import type { CrawlWait } from '../site/crawl/host-waits.ts';
import { duration } from './rate.ts';

/** Most hosts that are named. */
const MAX_HOSTS = 10;
/** Shorter waits are not told. */
const TOLD_WAIT_MS = 5000;

export function planLines({ pages, read, over, hosts, leastMs }: CrawlPlan): string[] {
  const [only] = hosts;
  const time = leastMs < 1000 ? '' : `, at least ${duration(leastMs / 1000)}`;
  const [where, each] =
    hosts.length === 1
      ? [` of ${only!.host}`, `, ${pace(only!.delayMs)}`]
      : [hosts.length === 0 ? '' : ` of ${hosts.length} hosts`, ''];
  const more = hosts.length > MAX_HOSTS ? [`  and ${hosts.length - MAX_HOSTS} more`] : [];
  const named = hosts.slice(0, MAX_HOSTS).map(({ host, pages: its, delayMs }) => `  ${host}: ${its}, ${pace(delayMs)}`);
  return [
    `Fetching at most ${pages} page${pages === 1 ? '' : 's'}${where}${time}${each}.`,
    ...(hosts.length > 1 ? [...named, ...more] : []),
    ...(read === 0 ? [] : [`  ${read} more were read by the last run, which did not end`]),
    ...(over === 0 ? [] : [`  ${over} more are left out: --max-pages takes a higher limit`]),
  ];
}

/** Null for a wait that is not worth a line. */
export function waitLine({ host, ms, waitedMs, maxMs }: CrawlWait): string | null {
  if (ms < TOLD_WAIT_MS) return null;
  const [now, all, most] = [ms, waitedMs, maxMs].map((each) => duration(each / 1000));
  return `  ${host} is busy: waiting ${now!}, ${all!} of at most ${most!} (--max-wait)`;
}

function pace(delayMs: number): string {
  return delayMs === 0 ? 'without a pause' : `one request in ${delayMs / 1000} s`;
}
