// Makes the sites once for the flows of all engines.

import { rm } from 'node:fs/promises';
import type { TestProject } from 'vitest/node';
import { watchedRightToLeftSite, watchedSite } from './flow-site.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Folders, which are not to be changed. */
    sites: { readonly fixture: string; readonly rightToLeft: string };
  }
}

export default async function provideSites(project: TestProject): Promise<() => Promise<void>> {
  const sites = { fixture: await watchedSite(), rightToLeft: await watchedRightToLeftSite() };
  project.provide('sites', sites);
  return async (): Promise<void> => {
    for (const folder of Object.values(sites)) await rm(folder, { recursive: true });
  };
}
