// An extension by the path of its module on this machine.

import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { EraError, isEraError } from '../errors.ts';
import type { Extension } from '../extension/extension.ts';
import { loadExtension } from '../extension/load-extension.ts';

/** @param extension path, relative to the working directory; or itself @throws EraError `bad-extension` */
export async function extensionFrom(extension: string | Extension | undefined): Promise<Extension> {
  if (typeof extension !== 'string') return loadExtension(extension);
  try {
    return await loadExtension(pathToFileURL(resolve(extension)).href);
  } catch (error) {
    if (!isEraError(error) || !(error.cause instanceof SyntaxError) || !extension.endsWith('.js')) throw error;
    const { message, details, cause } = error;
    const advice = 'Node reads a .js file as a module where the package.json above it says "type": "module"';
    throw new EraError('bad-extension', `${message}. ${advice}; a file that ends in .mjs always is one.`, {
      details,
      cause,
    });
  }
}
