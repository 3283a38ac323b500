// Numbers with dots, such as versions and addresses: one word, found whole or by their beginning, never by a piece.

const NUMBER = /^v?(\d+(?:\.\d+)+)(?:[-+.]?\p{L}[\p{L}\p{N}.+-]*)?$/iu;

export interface DottedNumber {
  /** Without a `v` before it and letters after it. */
  readonly digits: string;
  /** `2.14` and `2` of `2.14.0`, longest first. */
  readonly beginnings: readonly string[];
}

/** @returns null for anything else */
export function dottedNumber(name: string): DottedNumber | null {
  const digits = NUMBER.exec(name)?.[1];
  if (digits === undefined) return null;
  const pieces = digits.split('.');
  return { digits, beginnings: pieces.slice(1).map((_, i) => pieces.slice(0, pieces.length - 1 - i).join('.')) };
}
