// Starts the Chromium of this machine, for specs and benchmarks.

import { chromium, type Browser, type LaunchOptions } from '@playwright/test';
import { chromiumCandidates, thisMachine } from '../../src/node/setup/find-chromium.mjs';
import { chromiumArgs } from './chromium.ts';

/** Its arguments, and where it is; Playwright's own where there is no other. */
export function chromiumLaunch(...more: readonly string[]): LaunchOptions {
  const [executablePath] = chromiumCandidates(thisMachine());
  return { args: [...chromiumArgs, ...more], ...(executablePath === undefined ? {} : { executablePath }) };
}

/** @param more arguments of this run alone */
export function launchChromium(...more: readonly string[]): Promise<Browser> {
  return chromium.launch(chromiumLaunch(...more));
}
