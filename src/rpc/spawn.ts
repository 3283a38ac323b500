// Starts a worker from a script address, under one named Trusted Types policy, from another origin too.

import { EraError } from '../errors.ts';

/** The policy's name, for the site's `trusted-types` header. */
export const POLICY_NAME = 'era-search';

interface ScriptUrlPolicy {
  createScriptURL: (url: string) => unknown;
}

let policy: ScriptUrlPolicy | undefined;

/** @throws EraError `worker-died` when the browser refuses to start it */
export function spawnWorker(url: string, name: string): Worker {
  const script = new URL(url, import.meta.url).href;
  try {
    if (new URL(script).origin === location.origin || !script.startsWith('http')) return start(script, name);
    // A worker script must be of the page's origin; a blob that imports the real script is, and import.meta.url stays the real one.
    const blob = new Blob([`import(${JSON.stringify(script)})`], { type: 'text/javascript' });
    return start(URL.createObjectURL(blob), name);
  } catch (cause) {
    throw new EraError('worker-died', `The ${name} worker could not be started from ${script}.`, { cause, details: { worker: name } });
  }
}

function start(script: string, name: string): Worker {
  return new Worker(trustedScriptUrl(script), { type: 'module', name: `era-search ${name}` });
}

/** A script address that a page under `require-trusted-types-for 'script'` may use, for addresses of our own only. */
export function trustedScriptUrl(script: string): string {
  const factory = (globalThis as { trustedTypes?: { createPolicy: (name: string, rules: object) => ScriptUrlPolicy } }).trustedTypes;
  if (!factory) return script;
  policy ??= factory.createPolicy(POLICY_NAME, { createScriptURL: (url: string) => url });
  return policy.createScriptURL(script) as string; // a TrustedScriptURL, which the DOM's types do not know
}
