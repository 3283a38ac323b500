// The one Trusted Types policy of this script: a site's header has to name no other.

/** The policy's name, for the site's `trusted-types` header. */
export const POLICY_NAME = 'era-search';

/** What lit and this file ask of the policy; a browser's TrustedTypePolicy is one. */
interface NamedPolicy {
  createHTML: (html: string) => unknown;
  createScriptURL: (url: string) => unknown;
}

let policy: NamedPolicy | undefined;

/** A script address that a page under `require-trusted-types-for 'script'` may use, for addresses of our own only. */
export function trustedScriptUrl(script: string): string {
  // a TrustedScriptURL, which the DOM's types do not know
  return (trustedPolicy()?.createScriptURL(script) ?? script) as string;
}

/**
 * The one policy of this script; undefined where the browser has no Trusted Types. `createHTML` is for lit alone, which
 * gives it nothing but the literal parts of templates in our source: what a page, an index or a visitor says never
 * comes here.
 */
export function trustedPolicy(): NamedPolicy | undefined {
  const factory = (globalThis as { trustedTypes?: { createPolicy: (name: string, rules: NamedPolicy) => NamedPolicy } })
    .trustedTypes;
  policy ??= factory?.createPolicy(POLICY_NAME, { createHTML: (html) => html, createScriptURL: (url) => url });
  return policy;
}
