// Reads the files of one model from a web address or, in Node, from a folder. Anything but the file is refused with the
// file's name: a missing file, a download that broke off, and the HTML page that many servers send for a missing file.

import { EraError, isEraError, messageOf } from '../errors.ts';
import { download } from '../transfer/download.ts';
import type { LoadProgress } from './encoder.ts';

export interface ReadOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onLoad?: ((progress: LoadProgress) => void) | undefined;
}

/**
 * The one part of Node that this room needs; looked up at run time so that browser builds do not contain an import of
 * it.
 */
interface NodeProcess {
  readonly versions?: { readonly node?: string };
  getBuiltinModule: (id: 'node:fs/promises') => { readFile: (path: string) => Promise<Uint8Array<ArrayBuffer>> };
}

const nodeProcess = (globalThis as unknown as { process?: NodeProcess }).process;

export const isNode: boolean = nodeProcess?.versions?.node !== undefined;

/**
 * @param address or, in Node, a path
 * @param file its name in the progress
 * @throws EraError `model-load` that names the address; the signal's reason when aborted
 */
export async function readModelFile(
  address: string,
  file: string,
  { signal, onLoad }: ReadOptions,
): Promise<Uint8Array<ArrayBuffer>> {
  signal?.throwIfAborted();
  try {
    const bytes =
      isNode && !/^https?:/.test(address)
        ? await readPath(address)
        : await download(address, {
            signal,
            refuseHtml: true,
            onBytes: (loadedBytes, totalBytes) => onLoad?.({ file, loadedBytes, totalBytes }),
          });
    onLoad?.({ file, loadedBytes: bytes.length, totalBytes: bytes.length });
    return bytes;
  } catch (cause) {
    signal?.throwIfAborted();
    throw new EraError('model-load', `${address}: ${messageOf(cause)}`, { details: { address }, cause });
  }
}

export class ModelFiles {
  /** Address or path, with a slash at the end. */
  readonly folder: string;
  readonly #options: ReadOptions;

  constructor(folder: string, options: ReadOptions) {
    this.folder = folder;
    this.#options = options;
  }

  /** @throws as `readModelFile` */
  bytes(file: string): Promise<Uint8Array<ArrayBuffer>> {
    return readModelFile(this.folder + file, file, this.#options);
  }

  /** Null for a file that is not there. @throws EraError `model-load` for one that cannot be read */
  async optionalJson(file: string): Promise<unknown> {
    try {
      return await this.json(file);
    } catch (error) {
      if (isAbsent(error)) return null;
      throw error;
    }
  }

  /** @throws EraError `model-load` that names the address */
  async json(file: string): Promise<unknown> {
    const bytes = await this.bytes(file);
    try {
      return JSON.parse(new TextDecoder().decode(bytes)) as unknown;
    } catch (cause) {
      throw new EraError('model-load', `${this.folder}${file} is not JSON: ${messageOf(cause)}`, {
        details: { address: this.folder + file },
        cause,
      });
    }
  }
}

/** A folder reports absence by an error code, a server by its status, or by a page instead of the file. */
function isAbsent(error: unknown): boolean {
  const { cause } = error as EraError;
  // status 200: a page instead of the file
  if (isEraError(cause)) return [200, 404, 410].includes(cause.details['status'] as number);
  return cause instanceof Error && 'code' in cause && (cause.code === 'ENOENT' || cause.code === 'ENOTDIR');
}

function readPath(path: string): Promise<Uint8Array<ArrayBuffer>> {
  return nodeProcess!.getBuiltinModule('node:fs/promises').readFile(path);
}
