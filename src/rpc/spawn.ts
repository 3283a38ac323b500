// Starts a worker from a script address, also from another origin, under one named Trusted Types policy.

import { EraError } from '../errors.ts';
import { trustedScriptUrl } from '../trusted-types.ts';

/** @param url as the build names it */
export function scriptAddress(url: string): string {
  return new URL(url, import.meta.url).href;
}

/** @throws EraError `worker-died` when the browser refuses to start it */
export function spawnWorker(url: string, name: string): Worker {
  const script = scriptAddress(url);
  try {
    if (new URL(script).origin === location.origin || !script.startsWith('http')) return start(script, name);
    // A worker script must be of the page's origin. A blob that imports the real script is, and import.meta.url stays
    // that of the real one. A failed import is no error event of a worker by itself: reportError makes it one.
    const blob = new Blob([`import(${JSON.stringify(script)}).catch(reportError)`], { type: 'text/javascript' });
    return start(URL.createObjectURL(blob), name);
  } catch (cause) {
    throw new EraError('worker-died', `The ${name} worker could not be started from ${script}.`, {
      cause,
      details: { worker: name },
    });
  }
}

function start(script: string, name: string): Worker {
  return new Worker(trustedScriptUrl(script), { type: 'module', name: `era-search ${name}` });
}
