// Reads the files of one model from a web address or, in Node, from a folder. Anything but the file is refused with the
// file's name: a missing file, a download that broke off, and the HTML page that many servers send for a missing file.

import { EraError, isEraError, messageOf } from '../errors.ts';
import { download, sizeOf, type DownloadOptions } from '../transfer/download.ts';
import type { LoadProgress } from './encoder.ts';
import { joinPieces, MAX_SENT_BYTES, packedBytes, readPackedFiles, type PackedFile } from '../transfer/packed-file.ts';

export const HUB = 'https://huggingface.co/';
/** Description of a model: what an encoder needs to know, and how its files are stored. */
export const DESCRIPTION_FILE = 'era-model.json';
/** Files that are never packed. */
export const AS_THEY_ARE: readonly string[] = [DESCRIPTION_FILE, 'golden.json'];

export interface ReadOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onLoad?: ((progress: LoadProgress) => void) | undefined;
  /** @default 'default' */
  readonly cache?: DownloadOptions['cache'];
  /** A server that sends more is refused. @default as `download` */
  readonly maxBytes?: number | undefined;
}

/** Upper bounds, far above real ones: a description has a kilobyte, the tokenizer of a large model 30 MB. */
const MAX_DESCRIPTION_BYTES = 2 ** 20;
const MAX_JSON_BYTES = 2 ** 27;

/**
 * The one part of Node that this room needs; looked up at run time so that browser builds do not contain an import of
 * it.
 */
interface NodeProcess {
  readonly versions?: { readonly node?: string };
  getBuiltinModule: ((id: 'node:fs/promises') => NodeFiles) & ((id: 'node:os') => { tmpdir: () => string });
}

interface NodeFiles {
  readFile: (path: string) => Promise<Uint8Array<ArrayBuffer>>;
  writeFile: (path: string, bytes: Uint8Array) => Promise<void>;
  mkdtemp: (prefix: string) => Promise<string>;
  mkdir: (path: string, options: { readonly recursive: true }) => Promise<unknown>;
  rm: (path: string, options: { readonly recursive: true }) => Promise<void>;
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
  { signal, onLoad, cache, maxBytes }: ReadOptions,
): Promise<Uint8Array<ArrayBuffer>> {
  signal?.throwIfAborted();
  try {
    const bytes =
      isNode && !/^https?:/.test(address)
        ? await readPath(address)
        : await download(address, {
            signal,
            cache,
            maxBytes,
            refuseHtml: true,
            onBytes: (loadedBytes, totalBytes) => onLoad?.({ phase: 'fetch', file, loadedBytes, totalBytes }),
          });
    onLoad?.({ phase: 'fetch', file, loadedBytes: bytes.length, totalBytes: bytes.length });
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
  #description: Promise<unknown> | undefined;

  constructor(folder: string, options: ReadOptions) {
    this.folder = folder;
    this.#options = options;
  }

  get isOnHub(): boolean {
    return this.folder.startsWith(HUB);
  }

  /** What `era-model.json` holds; null where there is none. @throws as `json` */
  description(): Promise<unknown> {
    return (this.#description ??= this.optionalJson(DESCRIPTION_FILE));
  }

  /** How the folder stores the file; null for a file as it is. @throws as `description` */
  async packing(file: string): Promise<PackedFile | null> {
    if (this.isOnHub || AS_THEY_ARE.includes(file)) return null;
    const list = readPackedFiles(((await this.description()) as { files?: unknown } | null)?.files);
    if (list) return list[file] ?? null;
    const address = this.folder + DESCRIPTION_FILE;
    throw new EraError('model-load', `${address} lists files in another way than this release knows.`, {
      details: { address },
    });
  }

  /** Bytes that a download of the file takes; 0 where the server does not say. */
  async downloadBytes(file: string): Promise<number> {
    const packed = await this.packing(file);
    return packed ? packedBytes(packed) : sizeOf(this.folder + file);
  }

  /** @throws as `readModelFile` */
  async bytes(file: string): Promise<Uint8Array<ArrayBuffer>> {
    const packed = await this.packing(file);
    // A description that is older or newer than the rest of the model would fit neither.
    if (!packed)
      return readModelFile(this.folder + file, file, {
        ...this.#options,
        cache: file === DESCRIPTION_FILE ? 'no-cache' : undefined,
        maxBytes: mostBytesOf(file),
      });
    return this.#unpacked(file, packed)
      .catch((error: unknown) => {
        if (!isEraError(error, 'index-format')) throw error;
        return this.#unpacked(file, packed, 'reload'); // the browser's cache may hold the damage
      })
      .catch((cause: unknown) => {
        if (!isEraError(cause, 'index-format')) throw cause;
        const address = this.folder + file;
        throw new EraError('model-load', `${address}: ${cause.message}`, { details: { address }, cause });
      });
  }

  #unpacked(file: string, packed: PackedFile, cache?: DownloadOptions['cache']): Promise<Uint8Array<ArrayBuffer>> {
    const { signal, onLoad } = this.#options;
    const totalBytes = packedBytes(packed);
    return joinPieces(
      packed,
      (piece, onBytes) =>
        readModelFile(this.folder + piece, piece, {
          signal,
          cache,
          maxBytes: MAX_SENT_BYTES,
          onLoad: ({ loadedBytes }) => onBytes(loadedBytes),
        }),
      (loadedBytes) => onLoad?.({ phase: 'fetch', file, loadedBytes, totalBytes }),
    );
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

function mostBytesOf(file: string): number | undefined {
  if (file === DESCRIPTION_FILE) return MAX_DESCRIPTION_BYTES;
  return file.endsWith('.json') ? MAX_JSON_BYTES : undefined;
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

/**
 * In Node: calls `use` with the path of a folder that holds the named files as they are, with a slash at the end: the
 * folder of the model, or one of its own for as long as the call takes.
 */
export async function withPlainFiles<T>(
  files: ModelFiles,
  names: readonly string[],
  use: (folder: string) => Promise<T>,
): Promise<T> {
  const packed = await Promise.all(names.map((name) => files.packing(name)));
  if (packed.every((one) => one === null)) return use(files.folder);
  const { mkdtemp, mkdir, writeFile, rm } = nodeProcess!.getBuiltinModule('node:fs/promises');
  const folder = `${await mkdtemp(`${nodeProcess!.getBuiltinModule('node:os').tmpdir()}/era-search-model-`)}/`;
  try {
    for (const name of names) {
      await mkdir(folder + name.replace(/[^/]*$/, ''), { recursive: true });
      await writeFile(folder + name, await files.bytes(name));
    }
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}
