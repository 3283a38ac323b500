// Reads the files of one model from a web address or, in Node, from a folder. What is not the file is refused here by name:
// a missing file, a download that broke off, and the HTML page that many servers send in place of a missing file.

import { EraError, messageOf } from '../errors.ts';
import type { LoadProgress } from './encoder.ts';

export interface ReadOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onLoad?: ((progress: LoadProgress) => void) | undefined;
}

/** The one part of Node that this room needs; asked for at run time so that browser builds do not see an import of it. */
interface NodeProcess {
  readonly versions?: { readonly node?: string };
  getBuiltinModule: (id: 'node:fs/promises') => { readFile: (path: string) => Promise<Uint8Array<ArrayBuffer>> };
}

const nodeProcess = (globalThis as unknown as { process?: NodeProcess }).process;

export const isNode: boolean = nodeProcess?.versions?.node !== undefined;

export class ModelFiles {
  /** Address or path, with a slash at the end. */
  readonly folder: string;
  readonly #options: ReadOptions;

  constructor(folder: string, options: ReadOptions) {
    this.folder = folder;
    this.#options = options;
  }

  get isRemote(): boolean {
    return /^https?:/.test(this.folder);
  }

  /** @throws EraError `model-load` that names the address; the signal's reason when aborted */
  async bytes(file: string): Promise<Uint8Array<ArrayBuffer>> {
    const address = this.folder + file;
    const { signal, onLoad } = this.#options;
    signal?.throwIfAborted();
    try {
      const bytes = isNode && !this.isRemote ? await readPath(address) : await download(address, file, this.#options);
      onLoad?.({ file, loadedBytes: bytes.length, totalBytes: bytes.length });
      return bytes;
    } catch (cause) {
      signal?.throwIfAborted();
      throw new EraError('model-load', `${address}: ${messageOf(cause)}`, { details: { address }, cause });
    }
  }

  /** @throws EraError `model-load` that names the address */
  async json(file: string): Promise<unknown> {
    const bytes = await this.bytes(file);
    try {
      return JSON.parse(new TextDecoder().decode(bytes)) as unknown;
    } catch (cause) {
      throw new EraError('model-load', `${this.folder}${file} is not JSON: ${messageOf(cause)}`, { details: { address: this.folder + file }, cause });
    }
  }
}

function readPath(path: string): Promise<Uint8Array<ArrayBuffer>> {
  return nodeProcess!.getBuiltinModule('node:fs/promises').readFile(path);
}

async function download(address: string, file: string, { signal, onLoad }: ReadOptions): Promise<Uint8Array<ArrayBuffer>> {
  const response = await fetch(address, signal ? { signal } : {});
  if (!response.ok) throw new Error(`the server answered ${String(response.status)}`);
  if (!response.body) throw new Error('the answer is empty');
  if (response.headers.get('content-type')?.startsWith('text/html')) {
    await response.body.cancel();
    throw new Error('the server sent a web page in place of the file, so the file is not there');
  }
  // A compressed answer states its compressed length, which is not the number of bytes that arrive here.
  const totalBytes = response.headers.has('content-encoding') ? 0 : Number(response.headers.get('content-length') ?? 0);
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let loadedBytes = 0;
  for (const reader = response.body.getReader(); ; ) {
    const { done, value } = await reader.read();
    if (done) break;
    chunks.push(value);
    loadedBytes += value.length;
    onLoad?.({ file, loadedBytes, totalBytes });
  }
  const bytes = new Uint8Array(loadedBytes);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}
