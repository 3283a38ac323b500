// The expected errors of the set-up scripts: the message is for the person at the terminal and says what to do next.

export class SetupError extends Error {
  /**
   * @param {'usage' | 'port-busy' | 'install-failed' | 'build-failed' | 'index-failed' | 'no-chromium'} code for
   * programs and tests to match
   * @param {string} message
   */
  constructor(code, message) {
    super(message);
    this.name = 'SetupError';
    this.code = code;
    /** Exit code: 2 for wrong usage, else 1. */
    this.exitCode = code === 'usage' ? 2 : 1;
  }
}

/** The script was asked to stop: by Ctrl+C, or by a signal from another process. */
export class Interrupted extends Error {
  /** @param {'SIGINT' | 'SIGTERM' | 'SIGHUP'} signalName */
  constructor(signalName) {
    super(`Stopped by ${signalName}.`);
    this.name = 'Interrupted';
    /** The shell's convention: 128 + the number of the signal. */
    this.exitCode = 128 + { SIGHUP: 1, SIGINT: 2, SIGTERM: 15 }[signalName];
  }
}

/**
 * @param {unknown} error
 * @returns {string}
 */
export function messageOf(error) {
  return error instanceof Error ? error.message : String(error);
}
