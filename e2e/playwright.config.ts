// The specs: one real Chromium against the real server, two files of specs at a time, none repeated.

import { fileURLToPath } from 'node:url';
import { defineConfig } from '@playwright/test';
import { chromiumCandidates, thisMachine } from '../src/node/setup/find-chromium.mjs';
import { chromiumArgs } from './support/chromium.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
/**
 * Of the server below, on a free port. Playwright puts it there once the server says it; only the workers, which start
 * later, need it.
 */
const address = process.env['ERA_SEARCH_ADDRESS'];
// npm test names a browser that was seen to start; run by hand, the first one on this machine is taken, else
// Playwright's own.
const [browser] = chromiumCandidates(thisMachine());

export default defineConfig({
  testDir: '.',
  testMatch: '**/*.spec.ts',
  outputDir: '../test-results/specs',
  reporter: [['line'], ['json', { outputFile: '../test-results/e2e.json' }]],
  fullyParallel: false,
  workers: 2,
  retries: 0,
  forbidOnly: true,
  // Ends what hangs, on any machine: a spec that works ends itself, and waits by progress (support/progress.ts).
  timeout: 30 * 60_000,
  expect: { timeout: 180_000 },
  use: {
    ...(address === undefined ? {} : { baseURL: address }),
    trace: 'retain-on-failure',
    launchOptions: { args: chromiumArgs, ...(browser === undefined ? {} : { executablePath: browser }) },
  },
  projects: [{ name: 'chromium', use: { browserName: 'chromium' } }],
  webServer: {
    command: 'node dist/node/cli.js serve --port 0',
    cwd: root,
    wait: { stdout: /(?<era_search_address>http:\S+\/)v1\/embeddings/ },
    timeout: 5 * 60_000,
    gracefulShutdown: { signal: 'SIGTERM', timeout: 5000 },
  },
});
