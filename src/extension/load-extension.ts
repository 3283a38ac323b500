// Loads an extension from its module, in a worker of a page and in Node alike.

import { EraError, messageOf } from '../errors.ts';
import { checkExtension, type Extension } from './extension.ts';

/** Nothing is added. */
const NONE: Extension = {};

/**
 * @param extension address of the module, absolute; the extension itself; undefined for none
 * @throws EraError `bad-extension` where it cannot be loaded or is not an extension
 */
export async function loadExtension(extension: string | Extension | undefined): Promise<Extension> {
  if (extension === undefined) return NONE;
  if (typeof extension !== 'string') return checkExtension(extension, 'that was given');
  let module: { readonly default?: unknown };
  try {
    module = (await import(/* @vite-ignore */ extension)) as { readonly default?: unknown };
  } catch (cause) {
    throw new EraError('bad-extension', `The extension ${extension} could not be loaded: ${messageOf(cause)}`, {
      details: { extension },
      cause,
    });
  }
  return checkExtension(module.default, extension);
}
