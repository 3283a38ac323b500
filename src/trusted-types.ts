// The one Trusted Types policy of this script, so that a site's header needs to name no other.

/** The policy's name, for the site's `trusted-types` header. */
export const POLICY_NAME = 'era-search';

/** Methods of the policy that lit and this file use; a browser's TrustedTypePolicy has them. */
interface NamedPolicy {
  createHTML: (html: string) => unknown;
  createScriptURL: (url: string) => unknown;
}

let policy: NamedPolicy | undefined;

/**
 * A script address that a page under `require-trusted-types-for 'script'` may use; only for addresses of the package
 * itself.
 */
export function trustedScriptUrl(script: string): string {
  // a TrustedScriptURL, which the DOM's types do not know
  return (trustedPolicy()?.createScriptURL(script) ?? script) as string;
}

/**
 * The policy of this script; undefined where the browser has no Trusted Types. `createHTML` is for lit alone, which
 * passes only the literal parts of templates in our source: text of a page, an index or a visitor never reaches it.
 */
export function trustedPolicy(): NamedPolicy | undefined {
  const factory = (globalThis as { trustedTypes?: { createPolicy: (name: string, rules: NamedPolicy) => NamedPolicy } })
    .trustedTypes;
  policy ??= factory?.createPolicy(POLICY_NAME, { createHTML: (html) => html, createScriptURL: (url) => url });
  return policy;
}
