// Checks the address of a hit: only web addresses are links, since an index is data and must not be able to run a
// script.

/** The address in its full form; null unless it is absolute and http or https. */
export function safeLink(address: string): string | null {
  try {
    const { protocol, href } = new URL(address);
    return protocol === 'http:' || protocol === 'https:' ? href : null;
  } catch {
    return null;
  }
}
