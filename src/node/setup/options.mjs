// The flags of npm start and npm test. An unknown flag is an error and is never ignored.

import { parseArgs } from 'node:util';
import { messageOf, SetupError } from './setup-error.mjs';

export const START_HELP = `npm start [-- flags]    Prepares what is missing, then serves the playground and the embeddings API.

One demo corpus is embedded before the page answers, the others while it is served: the page shows how far they are.

  --port N     port to listen on (default 4173; 0: any free one)
  --host H     address to listen on (default 127.0.0.1: this machine only)
  --no-open    do not open a browser
  --help       this text

Ctrl+C ends it; the next start goes on with what was being embedded. The script's exit code is 0 once it serves, 130 before (npm itself may say 130).`;

export const TEST_PARTS = /** @type {const} */ (['types', 'lint', 'node', 'chromium', 'e2e', 'browsers']);

export const TEST_HELP = `npm test [-- flags] [FILE or NAME …]    Prepares what is missing, a Chromium included, then checks everything.

  --only PART  one of ${TEST_PARTS.join(', ')}; may be repeated (all without it)
  --fix        lint fixes what it can
  --help       this text

FILE or NAME narrows a part: npm run test:node -- src/scan, npm run test:e2e -- faults, npm run lint -- src/scan, npm run types -- e2e.
npm run lint, format (lint --fix), types, test:node, test:browser, test:e2e and test:browsers each run one part.

CHROMIUM_PATH names the browser to use, FIREFOX_PATH the Firefox. Exit code 1 when anything fails or is skipped.`;

/**
 * @param {string[]} args
 * @returns {{ port: number, host: string, open: boolean, help: boolean }}
 * @throws SetupError `usage`
 */
export function parseStartOptions(args) {
  const { values } = parse(args, START_HELP, {
    port: { type: 'string', default: '4173' },
    host: { type: 'string', default: '127.0.0.1' },
    'no-open': { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  });
  const { port, host, 'no-open': noOpen, help } = values;
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65535)
    throw new SetupError('usage', `--port must be a number from 0 to 65535, not ${port}.`);
  if (host === '') throw new SetupError('usage', '--host must not be empty.');
  return { port: Number(port), host, open: !noOpen, help };
}

/** @typedef {typeof TEST_PARTS[number]} TestPart */

/**
 * @param {string[]} args
 * @returns {{ parts: TestPart[], names: string[], fix: boolean, help: boolean }} parts in the order of TEST_PARTS
 * @throws SetupError `usage`
 */
export function parseTestOptions(args) {
  const { values, positionals: names } = parse(
    args,
    TEST_HELP,
    {
      only: { type: 'string', multiple: true, default: [...TEST_PARTS] },
      fix: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
    true,
  );
  const { only, fix, help } = values;
  const unknown = only.find((part) => !TEST_PARTS.some((known) => known === part));
  if (unknown !== undefined) throw new SetupError('usage', `--only takes ${TEST_PARTS.join(', ')}, not ${unknown}.`);
  const parts = TEST_PARTS.filter((part) => only.includes(part));
  if (names.length > 0 && parts.length > 1)
    throw new SetupError('usage', `${names.join(' ')} narrows one part: name it with --only.\n\n${TEST_HELP}`);
  return { parts, names, fix, help };
}

/**
 * @template {NonNullable<import('node:util').ParseArgsConfig['options']>} T
 * @param {string[]} args
 * @param {string} help
 * @param {T} options
 * @param {boolean} [allowPositionals]
 */
function parse(args, help, options, allowPositionals = false) {
  try {
    return parseArgs({ args, options, strict: true, allowPositionals });
  } catch (error) {
    throw new SetupError('usage', `${messageOf(error)}\n\n${help}`);
  }
}
