// Registers the service worker of the built playground, so that a later visit needs no network.

import { trustedScriptUrl } from '../index.ts';

/** @returns false where there is nothing to register: in development, without HTTPS, in a private window */
export async function registerOffline(): Promise<boolean> {
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return false;
  try {
    await navigator.serviceWorker.register(trustedScriptUrl('./sw.js'));
    return true;
  } catch {
    return false; // offline use is an extra: the page works without it
  }
}
