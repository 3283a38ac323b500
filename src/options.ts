// Every option of the engine: meaning, unit, default, limit; and their validation.

import { QUERY_PATHS, reads, type QueryPath } from './adapter/adapter.ts';
import { EraError } from './errors.ts';
import type { ModelChoice } from './encode/model-choice.ts';
import type { QueryEncoder } from './query/query-encoder.ts';
import type { RemoteOptions } from './query/remote-options.ts';

/** The small model in the page: which, from where, on what. */
export interface LocalEncoderOptions {
  /**
   * The small model: a name below `modelBase` or on the hub, the address of its folder, or a description. @default that
   * of the collection, else 'Xenova/all-MiniLM-L6-v2'
   */
  readonly model?: ModelChoice | undefined;
  /** Address of the folder that holds `<model>/…`, relative to the page. @default './models/' */
  readonly modelBase?: string | undefined;
  /** Load the model from the Hugging Face hub instead. @default false */
  readonly fromHub?: boolean | undefined;
  /** `auto`: WebGPU on a hardware adapter, else WASM; either passes a known-answer test first. @default 'auto' */
  readonly device?: 'auto' | 'webgpu' | 'wasm' | undefined;
  /**
   * Address of the folder with onnxruntime's `ort-wasm-simd-threaded.mjs` and `.wasm`, and for WebGPU
   * `ort-wasm-simd-threaded.asyncify.mjs` and `.wasm`. @default the bundled files
   */
  readonly runtimeBase?: string | undefined;
}

/** Everything that an engine can be told. Each option has a default. */
export interface EngineOptions {
  /** The small model in the page; `false` for pages that load none (remote path only). */
  readonly encoder?: LocalEncoderOptions | false | undefined;
  /** The large model behind an API, or an encoder of your own; without it only the local path is available. */
  readonly query?: RemoteOptions | QueryEncoder | undefined;
  /**
   * Path of searches that name none. @default the best that is available: both, else remote, else local, else static
   */
  readonly path?: QueryPath | undefined;
  /**
   * Address of the base adapter (safetensors) for this pair of models; alignment is pulled towards it. @default none
   */
  readonly baseAdapter?: string | undefined;
  /** `auto`: the browser's storage, or memory where that fails; `memory`: nothing outlives the tab. @default 'auto' */
  readonly store?: 'auto' | 'memory' | undefined;
  /**
   * Keeps the remote model's vectors of the last 500 queries, with their texts, in the browser for later visits;
   * `false` removes stored ones. @default true
   */
  readonly rememberQueries?: boolean | undefined;
  /** Device that compares vectors. @default 'auto' */
  readonly scan?: 'auto' | 'js' | 'wasm' | 'webgpu' | undefined;
  /**
   * Device that computes gradients, and that ranks the queries of the default trainer; what needs float64 is computed in
   * WebAssembly. Adapters of the default trainer are the same on each. @default 'auto'
   */
  readonly trainerDevice?: 'auto' | 'webgpu' | 'wasm' | 'cpu' | undefined;
  /** Address of the folder with tfjs's `.wasm` files. @default the bundled files */
  readonly trainerRuntimeBase?: string | undefined;
  /**
   * Address of a module with analyzers, an encoder, a retriever or a trainer of your own, relative to the page; its
   * default export is an `Extension`, see `era-search/extend`. The workers load it. @default none
   */
  readonly extension?: string | undefined;
  /** Called with every change of `engine.status`. */
  readonly onStatus?: (() => void) | undefined;
}

/** Passages that are embedded by both models for alignment (ERA: min(1000, corpus)). */
export const MAX_ALIGNMENT_PASSAGES = 1000;

const CHOICES = {
  path: QUERY_PATHS,
  store: ['auto', 'memory'],
  scan: ['auto', 'js', 'wasm', 'webgpu'],
  trainerDevice: ['auto', 'webgpu', 'wasm', 'cpu'],
} as const;

/**
 * Refuses an option by its earlier name, which would otherwise be ignored silently.
 * @throws EraError `invalid-option`
 */
export function refuseRenamed(options: object, was: string, is: string): void {
  if (was in options)
    throw new EraError('invalid-option', `“${was}” is called “${is}” now.`, { details: { option: was } });
}

/** @throws EraError `invalid-option` */
export function checkOptions(options: EngineOptions): EngineOptions {
  refuseRenamed(options, 'trainer', 'trainerDevice');
  for (const [name, allowed] of Object.entries(CHOICES)) {
    const value: unknown = options[name as keyof typeof CHOICES];
    if (value !== undefined && !(allowed as readonly unknown[]).includes(value)) {
      throw new EraError(
        'invalid-option',
        `“${name}” must be one of ${allowed.join(', ')}, not ${JSON.stringify(value)}.`,
        { details: { option: name } },
      );
    }
  }
  const { path } = options;
  if (path === undefined) return options;
  if (options.encoder === false && reads(path, 'local')) {
    throw new EraError('invalid-option', `The path “${path}” needs the small model.`, { details: { option: 'path' } });
  }
  if (!options.query && reads(path, 'remote')) {
    throw new EraError('invalid-option', `The path “${path}” needs a query API.`, { details: { option: 'path' } });
  }
  return options;
}

/** The paths that these options allow, the one with the most models last; a collection may lack `static`. */
export function possiblePaths({ encoder, query }: EngineOptions): QueryPath[] {
  return QUERY_PATHS.filter(
    (path) => (encoder !== false || !reads(path, 'local')) && (query || !reads(path, 'remote')),
  );
}
