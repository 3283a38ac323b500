// The address of an engine's extension as its workers need it.

import type { EngineOptions } from '../options.ts';

/** Absolute; null for none. */
export function extensionOf({ extension }: EngineOptions): string | null {
  return extension === undefined ? null : new URL(extension, document.baseURI).href;
}
