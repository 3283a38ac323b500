// Starts a worker from a script address, under one named Trusted Types policy, from another origin too.

import { EraError } from '../errors.ts';

/** The policy's name, for the site's `trusted-types` header. */
export const POLICY_NAME = 'era-search';

/** What lit and this file ask of the policy; a browser's TrustedTypePolicy is one. */
interface NamedPolicy {
  createHTML: (html: string) => unknown;
  createScriptURL: (url: string) => unknown;
}

let policy: NamedPolicy | undefined;

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
  return (trustedPolicy()?.createScriptURL(script) ?? script) as string; // a TrustedScriptURL, which the DOM's types do not know
}

/**
 * The one policy of this script; undefined where the browser has no Trusted Types. `createHTML` is for lit alone, which gives it nothing
 * but the literal parts of templates in our source: what a page, an index or a visitor says never comes here.
 */
export function trustedPolicy(): NamedPolicy | undefined {
  const factory = (globalThis as { trustedTypes?: { createPolicy: (name: string, rules: NamedPolicy) => NamedPolicy } }).trustedTypes;
  policy ??= factory?.createPolicy(POLICY_NAME, { createHTML: (html) => html, createScriptURL: (url) => url });
  return policy;
}
