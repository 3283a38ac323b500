// Whether a script is no longer on its server, as after a redeploy that removed the release of an open page.

/** Nothing else waits for the answer, which only makes an error more exact. */
const LIMIT_MS = 4000;

/** False also where the server does not say. */
export async function isScriptGone(address: string): Promise<boolean> {
  try {
    const { status, headers } = await fetch(address, {
      method: 'HEAD',
      cache: 'no-store',
      signal: AbortSignal.timeout(LIMIT_MS),
    });
    return (
      status === 404 || status === 410 || (status === 200 && /^text\/html\b/i.test(headers.get('content-type') ?? ''))
    );
  } catch {
    return false;
  }
}
