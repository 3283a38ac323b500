// The specs: one real Chromium against the real server, one test at a time (they train on all cores), none repeated.

import { fileURLToPath } from 'node:url';
import { defineConfig } from '@playwright/test';
import { chromiumCandidates, thisMachine } from '../src/node/setup/find-chromium.mjs';
import { chromiumArgs } from './support/chromium.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const address = 'http://127.0.0.1:4180/';
// npm test names a browser that was seen to start; run by hand, the first one on this machine is taken, else Playwright's own.
const [browser] = chromiumCandidates(thisMachine());

export default defineConfig({
  testDir: '.',
  testMatch: '**/*.spec.ts',
  outputDir: '../test-results/specs',
  reporter: [['line'], ['json', { outputFile: '../test-results/e2e.json' }]],
  fullyParallel: false,
  workers: 1,
  retries: 0,
  forbidOnly: true,
  timeout: 300_000,
  use: {
    baseURL: address,
    trace: 'retain-on-failure',
    launchOptions: { args: chromiumArgs, ...(browser === undefined ? {} : { executablePath: browser }) },
  },
  projects: [{ name: 'chromium', use: { browserName: 'chromium' } }],
  webServer: {
    command: 'node dist/node/cli.js serve --port 4180',
    cwd: root,
    url: address,
    reuseExistingServer: false,
    timeout: 60_000,
    gracefulShutdown: { signal: 'SIGTERM', timeout: 5000 },
  },
});
