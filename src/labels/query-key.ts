// Which queries count as the same.

/** The query trimmed, with single spaces, in Unicode form NFC. Case is kept, since it can carry meaning. */
export function queryKey(query: string): string {
  return query.normalize('NFC').trim().replace(/\s+/g, ' ');
}
