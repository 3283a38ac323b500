// Starts the Chromium of this machine, for specs and benchmarks.

import { chromium, type Browser, type LaunchOptions } from '@playwright/test';
import { chromiumCandidates, thisMachine } from '../../src/node/setup/find-chromium.mjs';
import { chromiumArgs } from './chromium.ts';

/** Its arguments, and where it is; Playwright's own where there is no other. */
export function chromiumLaunch(): LaunchOptions {
  const [executablePath] = chromiumCandidates(thisMachine());
  return { args: chromiumArgs, ...(executablePath === undefined ? {} : { executablePath }) };
}

export function launchChromium(): Promise<Browser> {
  return chromium.launch(chromiumLaunch());
}
