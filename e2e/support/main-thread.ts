// How long the page's main thread was busy with one task, from the browser's trace, beside a reference piece of work in
// the same trace. Processor time is counted: on a loaded machine the wall clock would also count the time a task waits
// for other processes.

import type { Browser, Page } from '@playwright/test';

export interface MainThread {
  /** Milliseconds of processor time of every task of the page, longest first. */
  readonly tasksMs: readonly number[];
  /** Milliseconds of processor time of the reference work (KNOWN_ROWS), in the same trace. */
  readonly knownWorkMs: number;
}

const END = 'end of the trace';
const KNOWN_WORK = 'known work';
/**
 * Rows that the reference work writes as JSON and parses; about 50 ms, the browsers' limit of a long task, on a
 * processor of 2023.
 */
const KNOWN_ROWS = 80_000;
const KNOWN_RUNS = 5;

interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  /** Microseconds, like the next two. */
  readonly ts: number;
  readonly dur?: number;
  /** Processor time. */
  readonly tdur?: number;
  readonly args: { readonly chrome_mojo_event_info?: { readonly mojo_interface_tag?: string } };
}

export function startTrace(browser: Browser, page: Page): Promise<void> {
  return browser.startTracing(page, { categories: ['-*', 'toplevel', 'blink.user_timing'] });
}

/**
 * The tasks of the page's main thread since `startTrace`. Work that Playwright causes (snapshots, accessible names)
 * comes through the browser's DevToolsSession and is not counted. The browser's own pages have such threads too; a mark
 * identifies the page's.
 */
export async function stopTrace(browser: Browser, page: Page): Promise<MainThread> {
  for (let run = 0; run < KNOWN_RUNS; run++) await page.evaluate(knownWork, { rows: KNOWN_ROWS, mark: KNOWN_WORK });
  await page.evaluate((mark) => performance.mark(mark), END);
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString()) as { traceEvents: TraceEvent[] };
  const thread = ({ pid, tid }: TraceEvent): string => `${pid}:${tid}`;
  const ours = new Set(traceEvents.filter(({ name }) => name === END).map(thread));
  const events = traceEvents
    .filter((event) => ours.has(thread(event)))
    .sort((a, b) => a.ts - b.ts || (b.dur ?? 0) - (a.dur ?? 0));
  const tasksMs: number[] = [];
  const knownMs: number[] = [];
  let at = 0;
  for (const task of events.filter(({ ph, name }) => ph === 'X' && name === 'ThreadControllerImpl::RunTask')) {
    while (at < events.length && events[at]!.ts < task.ts) at++;
    const inside: TraceEvent[] = [];
    for (; at < events.length && events[at]!.ts < task.ts + (task.dur ?? 0); at++) inside.push(events[at]!);
    const ms = (task.tdur ?? 0) / 1000;
    if (inside.some(({ name }) => name === KNOWN_WORK)) knownMs.push(ms);
    else if (!inside.some(({ args }) => args.chrome_mojo_event_info?.mojo_interface_tag?.endsWith('DevToolsSession')))
      tasksMs.push(ms);
  }
  return {
    tasksMs: tasksMs.sort((a, b) => b - a),
    knownWorkMs: knownMs.sort((a, b) => a - b)[knownMs.length >> 1] ?? NaN,
  };
}

/** Runs in the page as a task of its own. */
function knownWork({ rows, mark }: { rows: number; mark: string }): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(() => {
      performance.mark(mark);
      JSON.parse(
        JSON.stringify(
          Array.from({ length: rows }, (_, i) => ({
            id: `row ${String(i)}`,
            text: 'some words and more',
            score: i / 7,
          })),
        ),
      );
      resolve();
    });
  });
}
