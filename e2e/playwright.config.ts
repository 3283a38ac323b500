// Configuration of the specs: one real Chromium against the real server, two spec files at a time, no retries.

import { fileURLToPath } from 'node:url';
import { defineConfig } from '@playwright/test';
import { chromiumLaunch } from './support/launch.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
/**
 * Address of the server below, on a free port. Playwright sets it once the server prints it; only the workers, which
 * start later, need it.
 */
const address = process.env['ERA_SEARCH_ADDRESS'];

export default defineConfig({
  testDir: '.',
  testMatch: '**/*.spec.ts',
  outputDir: '../test-results/specs',
  reporter: [['line'], ['json', { outputFile: '../test-results/e2e.json' }]],
  fullyParallel: false,
  workers: 2,
  retries: 0,
  forbidOnly: true,
  // Only a limit for a hung run: a working spec ends by itself and waits by progress (support/progress.ts).
  timeout: 30 * 60_000,
  expect: { timeout: 180_000 },
  use: {
    ...(address === undefined ? {} : { baseURL: address }),
    trace: 'retain-on-failure',
    // `npm test` names a browser that it has started once. Run by hand, the specs take the first browser found on this
    // machine, else Playwright's own.
    launchOptions: chromiumLaunch(),
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
