// Registers the service worker of the built playground, so that a later visit needs no network.

import { trustedScriptUrl } from '../index.ts';
import { download } from '../transfer/download.ts';

/**
 * Files that the first visit fetches before the service worker controls the page: they are requested once more, which
 * the HTTP cache answers.
 */
const FIRST_NEEDED = [
  './corpora/corpora.json',
  ...['era-model.json', 'tokenizer.json', 'tokenizer_config.json', 'golden.json', 'onnx/model_quantized.onnx'].map(
    (file) => `./models/Xenova/all-MiniLM-L6-v2/${file}`,
  ),
];

/** @returns false where there is nothing to register: in development, without HTTPS, in a private window */
export async function registerOffline(): Promise<boolean> {
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return false;
  try {
    const known = navigator.serviceWorker.controller !== null;
    const controlled = new Promise((resolve) =>
      navigator.serviceWorker.addEventListener('controllerchange', resolve, { once: true }),
    );
    await navigator.serviceWorker.register(trustedScriptUrl('./sw.js'));
    if (known) return true;
    await controlled;
    for (const url of FIRST_NEEDED) await download(new URL(url, document.baseURI).href);
    return true;
  } catch {
    return false; // offline use is optional: the page works without it
  }
}
