// sha-256 as lower-case hex, synchronous and the same in every realm. The store uses the platform's faster
// implementation where available.

import { sha256 } from '@noble/hashes/sha2.js';

export function sha256Hex(bytes: Uint8Array): string {
  return toHex(sha256(bytes));
}

export function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
