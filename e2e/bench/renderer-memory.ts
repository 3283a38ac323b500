// Resident memory of the processes of a browser's pages, on Linux alone: what their workers hold is in it, which the
// browser tells nobody else exactly.

import { readdir, readFile, writeFile } from 'node:fs/promises';
import type { Browser } from '@playwright/test';
import { launchChromium } from '../support/launch.ts';

/** A feature that no browser has: it marks the processes of this run. */
const marker = `eraSearchBench${String(process.pid)}`;

/** A browser whose pages `watchRenderers` finds; without a process in reserve, which would be one of them. */
export function launchMarked(): Promise<Browser> {
  return launchChromium(`--disable-features=${marker},SpareRendererForSitePerProcess`);
}

/** Field of a process's status in bytes; 0 where it is gone. */
async function memoryOf(id: string, field: 'VmRSS' | 'VmHWM'): Promise<number> {
  const status = await readFile(`/proc/${id}/status`, 'utf8').catch(() => '');
  return 1024 * Number(new RegExp(`^${field}:\\s+(\\d+)`, 'm').exec(status)?.[1] ?? 0);
}

/** Begins a peak. @returns a function that tells by how many bytes the process that grew most was above its start */
export async function watchRenderers(): Promise<() => Promise<number>> {
  const before = new Map<string, number>();
  for (const id of await readdir('/proc').catch(() => [])) {
    const command = /^\d+$/.test(id) ? await readFile(`/proc/${id}/cmdline`, 'utf8').catch(() => '') : '';
    if (!command.includes('--type=renderer') || !command.includes(marker)) continue;
    await writeFile(`/proc/${id}/clear_refs`, '5'); // the peak begins anew
    before.set(id, await memoryOf(id, 'VmRSS'));
  }
  return async () =>
    Math.max(...(await Promise.all([...before].map(async ([id, was]) => (await memoryOf(id, 'VmHWM')) - was))));
}
