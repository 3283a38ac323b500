// Interface of what makes vectors when an index is made: one model in this thread, several side by side, or an API.

/** An opened model. */
export interface Embedder {
  /** Models that embed at the same time. @default 1 */
  readonly jobs?: number | undefined;
  /** [texts.length, dims] unit vectors. @param onDone called with the number of completed texts */
  readonly embed: (texts: readonly string[], onDone: (texts: number) => void) => Promise<Float32Array>;
  readonly dispose: () => Promise<void>;
}
