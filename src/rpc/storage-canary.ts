// Tells a worker's death from storage that was cleared. A worker holds a Web Lock as long as it lives, and the page is
// granted it afterwards; but `Clear-Site-Data: "storage"` releases every lock of the origin while its workers live. The
// page holds a lock of its own, so that one says whether the others mean anything. In a page whose storage was cleared,
// Chromium gives later workers locks that the page does not see: these are not waited for.

let held: Promise<string> | undefined;

/** Takes the page's lock, once. */
export function holdCanary(): Promise<string> {
  held ??= new Promise((resolve) => {
    const name = `era-search:page:${crypto.randomUUID()}`;
    const lost = (): void => {
      held = undefined;
      resolve(name);
    };
    navigator.locks
      .request(name, () => {
        resolve(name);
        return new Promise<never>(() => undefined);
      })
      .then(lost, lost);
  });
  return held;
}

/** Whether the page's lock is released although the page lives; it is then taken anew. */
export async function isCleared(): Promise<boolean> {
  if (await isHeld(await holdCanary())) return false;
  held = undefined;
  await holdCanary();
  return true;
}

/** Whether the page sees that somebody holds the lock. */
export async function isHeld(name: string): Promise<boolean> {
  const { held: locks = [] } = await navigator.locks.query();
  return locks.some((lock) => lock.name === name);
}
