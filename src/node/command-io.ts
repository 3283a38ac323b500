// Interface of a command to its process, so that tests run commands without one, and what makes text from outside
// harmless to a terminal.

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

/**
 * Control characters of C0 and C1, DEL, those that reorder a line, and separators of lines. A terminal obeys them:
 * the name of a file could clear the screen, set its title, or show another name.
 */
const CONTROLS = /[\p{Cc}\p{Bidi_Control}\p{Zl}\p{Zp}]/gu;

/** Control characters as in JSON (`\u001b`), so that printed JSON stays the same value; tabs and newlines stay. */
export function printable(text: string): string {
  return text.replace(CONTROLS, (found) => (found === '\n' || found === '\t' ? found : escaped(found)));
}

/** The same for a text that is one line: newlines of its own would look like lines of the command. */
export function printableLine(text: string): string {
  return text.replace(CONTROLS, escaped);
}

function escaped(control: string): string {
  return `\\u${control.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** Prints nothing that a terminal obeys, whichever command it is given to. A redrawn line is not changed. */
export function printableIo(io: CommandIo): CommandIo {
  return {
    ...io,
    print: (line) => io.print(printable(line)),
    note: (line) => io.note(printable(line)),
  };
}
