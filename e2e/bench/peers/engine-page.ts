// A page of the benchmark: one engine in a browser context, and so in a process, of its own. What the page does is in
// page/serve.ts; here are its limits of time and the bytes that it holds.

import type { Browser, CDPSession, Page } from '@playwright/test';
import { messageOf } from '../../../src/errors.ts';
import type { Answered, BenchPage } from './page/serve.ts';

interface BenchGlobals {
  readonly bench: BenchPage;
  readonly wasmMemories: () => Set<WebAssembly.Memory>;
}

const OPEN_MS = 60_000;

/** Runs in the page before its scripts: keeps account of every WebAssembly memory, which the heap's size leaves out. */
function watchMemories(): void {
  const known: WeakRef<WebAssembly.Memory>[] = [];
  const keep = (memory: WebAssembly.Memory): void => void known.push(new WeakRef(memory));
  const keepExports = ({ exports }: WebAssembly.Instance): void => {
    for (const value of Object.values(exports)) if (value instanceof WebAssembly.Memory) keep(value);
  };
  const watched = <T extends object>(type: new (...args: never[]) => T, made: (value: T) => void): never =>
    new Proxy(type, {
      construct: (target, args, newTarget) => {
        const value = Reflect.construct(target, args, newTarget) as T;
        made(value);
        return value;
      },
    }) as never;
  WebAssembly.Memory = watched(WebAssembly.Memory, keep);
  WebAssembly.Instance = watched(WebAssembly.Instance, keepExports);
  for (const name of ['instantiate', 'instantiateStreaming'] as const) {
    const original = WebAssembly[name] as (...args: unknown[]) => Promise<unknown>;
    (WebAssembly as unknown as Record<string, unknown>)[name] = async (...args: unknown[]) => {
      const result = (await original(...args)) as WebAssembly.Instance | { readonly instance: WebAssembly.Instance };
      keepExports('instance' in result ? result.instance : result);
      return result;
    };
  }
  (globalThis as unknown as { wasmMemories: BenchGlobals['wasmMemories'] }).wasmMemories = () =>
    new Set(known.map((memory) => memory.deref()).filter((memory) => memory !== undefined));
}

export class EnginePage {
  readonly #page: Page;
  readonly #devtools: CDPSession;
  /** Rejects when the page can no longer answer. */
  readonly #failed: Promise<never>;

  private constructor(page: Page, devtools: CDPSession) {
    this.#page = page;
    this.#devtools = devtools;
    this.#failed = new Promise((_, reject) => {
      page.on('crash', () => reject(new Error('The page crashed, as one does without memory.')));
      page.on('pageerror', (error) => reject(error));
    });
    this.#failed.catch(() => undefined);
  }

  /** @throws what the modules of the page throw */
  static async open(browser: Browser, address: string): Promise<EnginePage> {
    const context = await browser.newContext();
    await context.addInitScript(watchMemories);
    const page = await context.newPage();
    const opened = new EnginePage(page, await context.newCDPSession(page));
    try {
      const ready = page.goto(address).then(() => page.waitForFunction(() => 'bench' in globalThis));
      await opened.#within(OPEN_MS, 'to load its modules', ready);
      return opened;
    } catch (error) {
      await opened.close();
      throw error;
    }
  }

  /** @param limitMs of building alone */
  async build(
    shape: Parameters<BenchPage['load']>[0],
    limitMs: number,
  ): Promise<{ readonly ms: number; readonly bytes: number }> {
    const before = await this.#held();
    await this.#within(
      OPEN_MS * 5,
      'to fetch the vectors',
      this.#page.evaluate((of) => (globalThis as unknown as BenchGlobals).bench.load(of), shape),
    );
    const { ms, otherBytes } = await this.#within(
      limitMs,
      'to build',
      this.#page.evaluate(() => (globalThis as unknown as BenchGlobals).bench.build()),
    );
    return { ms, bytes: (await this.#held()) - before + otherBytes };
  }

  async ask(from: number, to: number, k: number, limitMs: number): Promise<Answered> {
    const answered = this.#page.evaluate(
      (of) => (globalThis as unknown as BenchGlobals).bench.ask(of.from, of.to, of.k),
      { from, to, k },
    );
    return this.#within(limitMs, `for ${to - from} queries`, answered);
  }

  async close(): Promise<void> {
    // A page in a long loop does not hear that it should close.
    this.#devtools.send('Runtime.terminateExecution').catch(() => undefined);
    await this.#page
      .context()
      .close()
      .catch(() => undefined); // it is gone already where the browser is
  }

  /** Of the heap, of what typed arrays have, and of WebAssembly, after a collection of garbage. */
  async #held(): Promise<number> {
    await this.#devtools.send('HeapProfiler.collectGarbage');
    const heap = (await this.#devtools.send('Runtime.getHeapUsage')) as {
      readonly usedSize: number;
      readonly backingStorageSize?: number;
    };
    const wasm = await this.#page.evaluate(() => {
      let bytes = 0;
      for (const { buffer } of (globalThis as unknown as BenchGlobals).wasmMemories()) bytes += buffer.byteLength;
      return bytes;
    });
    return heap.usedSize + (heap.backingStorageSize ?? 0) + wasm;
  }

  async #within<T>(limitMs: number, what: string, work: Promise<T>): Promise<T> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`It took more than ${limitMs / 1000} s ${what}.`)), limitMs);
    });
    try {
      return await Promise.race([work, late, this.#failed]);
    } finally {
      clearTimeout(timer);
      work.catch(() => undefined);
    }
  }
}

/** The first line of an error in a page or a bundle, short enough for a table. */
export function shortMessage(error: unknown): string {
  const text = messageOf(error).replaceAll(/\u001b\[\d+m/g, '');
  const [line = ''] = text
    .replace(/^(?:page\.evaluate: )?(?:Error: )?/, '')
    .split('\n')
    .filter((each) => each.trim() !== '');
  return line.length > 200 ? `${line.slice(0, 200)} …` : line;
}
