// What long calls report on the way.

/** Of bytes that are fetched or written. */
export interface TransferProgress {
  readonly loadedBytes: number;
  /** 0 where it is not known. */
  readonly totalBytes: number;
}
