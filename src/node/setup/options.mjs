// The flags of npm start and npm test. An unknown flag is an error: it is never passed over.

import { parseArgs } from 'node:util';
import { messageOf, SetupError } from './setup-error.mjs';

export const START_HELP = `npm start [-- flags]    Prepares what is missing, then serves the playground and the embeddings API.

  --port N     port to listen on (default 4173; 0: any free one)
  --host H     address to listen on (default 127.0.0.1: this machine only)
  --no-open    do not open a browser
  --help       this text

Ctrl+C ends it: the script's exit code is then 0 once it serves, 130 before (npm itself may say 130).`;

export const TEST_PARTS = /** @type {const} */ (['types', 'lint', 'node', 'chromium', 'e2e']);

export const TEST_HELP = `npm test [-- flags]    Prepares what is missing, a Chromium included, then checks everything.

  --only PART  one of ${TEST_PARTS.join(', ')}; may be repeated
  --help       this text

CHROMIUM_PATH names the browser to use. Exit code 1 when anything fails or is skipped.`;

/**
 * @param {string[]} args
 * @returns {{ port: number, host: string, open: boolean, help: boolean }}
 * @throws SetupError `usage`
 */
export function parseStartOptions(args) {
  const { port, host, 'no-open': noOpen, help } = parse(args, START_HELP, {
    port: { type: 'string', default: '4173' },
    host: { type: 'string', default: '127.0.0.1' },
    'no-open': { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  });
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65535) throw new SetupError('usage', `--port must be a number from 0 to 65535, not ${port}.`);
  if (host === '') throw new SetupError('usage', '--host must not be empty.');
  return { port: Number(port), host, open: !noOpen, help };
}

/** @typedef {typeof TEST_PARTS[number]} TestPart */

/**
 * @param {string[]} args
 * @returns {{ parts: TestPart[], help: boolean }} in the order of TEST_PARTS
 * @throws SetupError `usage`
 */
export function parseTestOptions(args) {
  const { only, help } = parse(args, TEST_HELP, {
    only: { type: 'string', multiple: true, default: [...TEST_PARTS] },
    help: { type: 'boolean', short: 'h', default: false },
  });
  const unknown = only.find((part) => !TEST_PARTS.some((known) => known === part));
  if (unknown !== undefined) throw new SetupError('usage', `--only takes ${TEST_PARTS.join(', ')}, not ${unknown}.`);
  return { parts: TEST_PARTS.filter((part) => only.includes(part)), help };
}

/**
 * @template {NonNullable<import('node:util').ParseArgsConfig['options']>} T
 * @param {string[]} args
 * @param {string} help
 * @param {T} options
 */
function parse(args, help, options) {
  try {
    return parseArgs({ args, options, strict: true, allowPositionals: false }).values;
  } catch (error) {
    throw new SetupError('usage', `${messageOf(error)}\n\n${help}`);
  }
}
