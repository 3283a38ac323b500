// Offers a file for download.

/** Milliseconds until the address is revoked: long enough for a browser to start reading. */
const KEPT_MS = 10_000;

export function saveFile(content: Uint8Array<ArrayBuffer> | string, name: string): void {
  const address = URL.createObjectURL(new Blob([content], { type: 'application/octet-stream' }));
  Object.assign(document.createElement('a'), { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), KEPT_MS);
}
