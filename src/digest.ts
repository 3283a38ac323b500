// sha-256 as hex: WebCrypto where available (about 1 GB/s), else JavaScript (about 0.1 GB/s). Pages without https have
// no WebCrypto.

import { sha256Hex, toHex } from './format/sha256.ts';

export async function digestHex(bytes: Uint8Array): Promise<string> {
  const { subtle } = crypto as Partial<Crypto>;
  if (!subtle || !(bytes.buffer instanceof ArrayBuffer)) return sha256Hex(bytes);
  const digest = await subtle.digest('SHA-256', bytes as Uint8Array<ArrayBuffer>);
  return toHex(new Uint8Array(digest));
}
