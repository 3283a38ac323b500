import type { Mutant } from '../mutant.ts';

export const transfer: readonly Mutant[] = [
  {
    id: 'one-abort-ends-all',
    file: 'part-source.ts',
    find: `if (signal?.aborted && request.waiters === 0) this.#end`,
    replace: `if (signal?.aborted) this.#end`,
    breaks: 'One caller that gives up ends the request that others wait for.',
  },
  {
    id: 'damaged-from-cache',
    file: 'part-source.ts',
    find: `const cache = this.#damaged.has(part.file) ? 'reload' : undefined;`,
    replace: `const cache = undefined;`,
    breaks: 'A part that arrived damaged is taken from the browser’s cache again.',
  },
  {
    id: 'part-hash-not-checked',
    file: 'part-source.ts',
    find: `return bytes.length === length && (hash === undefined || (await digestHex(bytes)).startsWith(hash));`,
    replace: `return bytes.length === length && (hash === undefined || hash.length > 0);`,
    breaks: 'A part of the right length with other bytes is used.',
  },
  {
    id: 'too-many-requests-final',
    file: 'download.ts',
    find: `status === 408 || status === 429 || status >= 500`,
    replace: `status === 408 || status >= 500`,
    breaks: 'A server that asks to slow down is not asked again.',
  },
  {
    id: 'trickle-is-progress',
    file: 'download.ts',
    find: `
      if (progress < PROGRESS_BYTES) return;`,
    replace: '',
    breaks: 'A server that sends a byte at a time is waited for.',
  },
  {
    id: 'unpacked-size-unlimited',
    file: 'gzip.ts',
    find: `
    if (declared > maxBytes) throw new Error(\`it has \${String(declared)} bytes, more than \${String(maxBytes)}.\`);`,
    replace: '',
    breaks: 'A small file that unpacks to gigabytes takes the memory for it.',
  },
  {
    id: 'progress-restarts',
    file: 'packed-file.ts',
    find: `
    before += part.bytes;`,
    replace: '',
    breaks: 'The progress of a file in pieces falls back with every piece.',
  },
  {
    id: 'others-not-stopped',
    file: 'download-parts.ts',
    find: `
    stop.abort(error);`,
    replace: '',
    breaks: 'A download that has failed goes on in the background.',
  },
  {
    id: 'manifest-from-cache',
    file: 'manifest.ts',
    find: `{ ...limits, cache: 'no-cache', signal, fetch }`,
    replace: `{ ...limits, signal, fetch }`,
    breaks: 'A new build of the index is not seen while the browser caches the old manifest.',
  },
];
