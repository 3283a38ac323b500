// What a command needs of its surroundings, so that tests run commands without a process.

import type { WriteStream } from 'node:tty';
import type { CollectionMaker } from './serve/collection-states.ts';

export interface CommandIo {
  /** Results: standard output. */
  readonly print: (line: string) => void;
  /** Progress and errors: standard error. */
  readonly note: (line: string) => void;
  /** Where standard error is a terminal, on which a line can be drawn anew. */
  readonly terminal?: Pick<WriteStream, 'write' | 'columns'> | undefined;
  /** `--verbose` was given. */
  readonly verbose?: boolean | undefined;
  /** @default the process's own */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
  /** Folder that relative paths start from. @default the process's own */
  readonly cwd?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Makes collections beside `serve`, which tells their states to the page. @default nobody */
  readonly maker?: CollectionMaker | undefined;
}
