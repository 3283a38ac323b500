// The playground: the workbench on the bundled tasks and the visitor's own files, with the embeddings API of the server
// that serves it.

import type { QueryPath } from '../index.ts';
import { CorpusActions } from './corpus-actions.ts';
import { registerOffline } from './register-offline.ts';
import { startWorkbench } from './start.ts';
import { playgroundParts } from './view/playground.ts';

const params = new URLSearchParams(location.search);
const choice = <T extends string>(name: string, allowed: readonly T[]): T | undefined =>
  allowed.find((value) => value === params.get(name));

startWorkbench(
  {
    encoder: { device: choice('encoder', ['auto', 'webgpu', 'wasm']) },
    query: {
      baseUrl: './v1',
      model: 'bge-small-en-v1.5',
      prompt: 'Represent this sentence for searching relevant passages: {text}',
      // The server of era-search computes on the CPU, one batch at a time: small batches show progress, and the time
      // limit is long.
      maxBatchTexts: 16,
      concurrency: 1,
      timeoutMs: 120_000,
      totalTimeoutMs: 240_000,
    },
    baseAdapter: './adapters/bge-small-en-v1.5--all-MiniLM-L6-v2.safetensors',
    store: choice('store', ['auto', 'memory']),
    scan: choice('scan', ['auto', 'js', 'wasm', 'webgpu']),
    trainerDevice: choice('trainer-device', ['auto', 'webgpu', 'wasm', 'cpu']),
  },
  {
    face: 'playground',
    api: null,
    path: choice<QueryPath>('path', ['both', 'local', 'remote']) ?? 'both',
    compare: 'dense-stages',
    keeps: params.get('store') !== 'memory',
  },
  (actions) => {
    const corpora = new CorpusActions(actions);
    return { parts: (state) => playgroundParts(state, corpora), open: () => corpora.open(params.get('corpus')) };
  },
);

void registerOffline();
