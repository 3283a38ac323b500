// What a command needs of its surroundings, so that tests run commands without a process.

export interface CommandIo {
  /** Results: standard output. */
  readonly print: (line: string) => void;
  /** Progress and errors: standard error. */
  readonly note: (line: string) => void;
  readonly signal?: AbortSignal | undefined;
}
