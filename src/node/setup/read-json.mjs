// Reads a JSON file as an unchecked value, which the caller validates.

import { readFileSync } from 'node:fs';

/**
 * @param {string} path
 * @returns {unknown}
 */
export function readJson(path) {
  return JSON.parse(readFileSync(path, 'utf8'));
}
