// Interface of what makes vectors when an index is made: one model in this thread, several side by side, or an API.

/** Texts of one call that are read. */
export interface Embedded {
  readonly texts: number;
  /** Tokens of these texts; undefined where they are not counted. */
  readonly tokens: number | undefined;
}

/** An opened model. */
export interface Embedder {
  /** Models that embed at the same time. @default 1 */
  readonly jobs?: number | undefined;
  /** [texts.length, dims] unit vectors. @param onDone called as texts are read */
  readonly embed: (texts: readonly string[], onDone: (done: Embedded) => void) => Promise<Float32Array>;
  readonly dispose: () => Promise<void>;
}
