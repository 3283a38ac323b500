// The ranking that learning needs, as a function that is passed in: this room may not import the scan room.

/**
 * The k best passages of each query, ties to the smaller row.
 * @param queries [m, dOut], row-major, unit rows
 * @returns rows [m, k], best first, padded with −1
 */
export type Rank = (queries: Float32Array<ArrayBuffer>, k: number) => Promise<{ readonly rows: Int32Array }>;
