// The command line: chooses the command and turns its errors into a message and an exit code. Commands are loaded when
// they are used. Exit codes: 0 done, 1 failed, 2 wrong usage, 130 interrupted.

import { EraError, isEraError } from '../errors.ts';
import { printableIo, printableLine, type CommandIo } from './command-io.ts';
import packageJson from '../../package.json' with { type: 'json' };

type Run = (args: string[], io: CommandIo) => Promise<number>;

interface Command {
  readonly summary: string;
  readonly load: () => Promise<Run>;
}

const COMMANDS: Readonly<Record<string, Command>> = {
  index: {
    summary: 'make a collection of pages or records: the folder that is searched',
    load: async () => (await import('./index-command/run-index.ts')).runIndex,
  },
  serve: {
    summary: 'serve the playground and the embeddings API',
    load: async () => (await import('./serve-command.ts')).runServe,
  },
  evaluate: {
    summary: 'measure rankings on labelled tasks',
    load: async () => (await import('./evaluate/run-evaluate.ts')).runEvaluate,
  },
  mair: {
    summary: 'download the tasks of the MAIR benchmark',
    load: async () => (await import('./mair-command/run-mair.ts')).runMair,
  },
  golden: {
    summary: 'make a sentence-embedding model ready for pages',
    load: async () => (await import('./golden-command/run-golden.ts')).runGolden,
  },
  base: {
    summary: 'train the base adapter of a pair of models',
    load: async () => (await import('./base-adapter/run-base.ts')).runBase,
  },
  'static-base': {
    summary: 'make the general table of a model, which reads queries without it',
    load: async () => (await import('./static-base/run-static-base.ts')).runStaticBase,
  },
};

function help(): string {
  const width = Math.max(...Object.keys(COMMANDS).map((name) => name.length));
  const lines = Object.entries(COMMANDS).map(([name, { summary }]) => `  ${name.padEnd(width)}  ${summary}`);
  return [
    'era-search <command> [flags]',
    '',
    ...lines,
    '',
    '  --help, --version; --verbose adds the stack to an error',
    '',
    'era-search <command> --help says what a command takes.',
  ].join('\n');
}

/**
 * Runs the command line `era-search`, as `bin` does. Errors are written by `io.note` and not thrown.
 * Control characters in what is printed are escaped.
 * @param args without the program's name
 */
export async function runCli(args: readonly string[], given: CommandIo): Promise<number> {
  const io = printableIo(given);
  const verbose = args.includes('--verbose');
  const [name, ...rest] = args.filter((arg) => arg !== '--verbose');
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    io.print(help());
    return name === undefined ? 2 : 0;
  }
  if (name === '--version') {
    io.print(packageJson.version);
    return 0;
  }
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (!command) {
    io.note(`There is no command ${printableLine(name)}.\n\n${help()}`);
    return 2;
  }
  try {
    const run = await command.load();
    return await run(rest, verbose ? { ...io, verbose } : io);
  } catch (error) {
    return report(error, name, verbose, io);
  }
}

function report(error: unknown, command: string, verbose: boolean, io: CommandIo): number {
  if (io.signal?.aborted) {
    io.note('Stopped.');
    return 130;
  }
  if (isUsageError(error)) {
    io.note(`${printableLine(error.message)}\nera-search ${command} --help says what it takes.`);
    return 2;
  }
  // An error that is not an EraError is a bug, so its stack is printed.
  if (!isEraError(error)) {
    io.note(error instanceof Error ? (error.stack ?? error.message) : String(error));
    return 1;
  }
  io.note(`${printableLine(error.message)}\n${error.hint}`);
  if (verbose) io.note(stackOf(error));
  return error.code === 'invalid-option' ? 2 : 1;
}

function stackOf(error: EraError): string {
  const cause = error.cause instanceof Error ? `\nCaused by: ${error.cause.stack ?? error.cause.message}` : '';
  return `${error.code} ${JSON.stringify(error.details)}\n${error.stack ?? ''}${cause}`;
}

/** The error of node:util parseArgs for a flag that is unknown or lacks its value. */
function isUsageError(error: unknown): error is Error {
  return error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS');
}
