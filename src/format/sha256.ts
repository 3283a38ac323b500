// sha-256 as lower-case hex, synchronous and the same in every realm. The store uses the platform's faster one where there is one.

import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';

export function sha256Hex(bytes: Uint8Array): string {
  return bytesToHex(sha256(bytes));
}
