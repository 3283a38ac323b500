// Where a hit may lead: addresses of the web. An index is data; it must not be able to run a script.

/** The address in its full form; null unless it is absolute and http or https. */
export function safeLink(address: string): string | null {
  try {
    const { protocol, href } = new URL(address);
    return protocol === 'http:' || protocol === 'https:' ? href : null;
  } catch {
    return null;
  }
}
