// Interface of a command to its process, so that tests run commands without one.

import type { WriteStream } from 'node:tty';
import type { CollectionMaker } from './serve/collection-states.ts';

/** What a command needs of its surroundings. */
export interface CommandIo {
  /** Results: standard output. */
  readonly print: (line: string) => void;
  /** Progress and errors: standard error. */
  readonly note: (line: string) => void;
  /** Set where standard error is a terminal, on which a line can be redrawn. */
  readonly terminal?: Pick<WriteStream, 'write' | 'columns'> | undefined;
  /** `--verbose` was given. */
  readonly verbose?: boolean | undefined;
  /** @default the process's own */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
  /** Folder that relative paths start from. @default the process's own */
  readonly cwd?: string | undefined;
  /** Ends the command. */
  readonly signal?: AbortSignal | undefined;
  /** Makes collections beside `serve`, which tells their states to the page. @default nobody */
  readonly maker?: CollectionMaker | undefined;
}
