// A worker with transformers.js alone: texts in batches of sixteen, in the order in which they come.

import { env, pipeline } from '@huggingface/transformers';

const BATCH = 16;

env.allowRemoteModels = false;
env.allowLocalModels = true;
env.localModelPath = '/models/';
env.useBrowserCache = false;
env.backends.onnx.wasm!.wasmPaths = '/ort/';
env.backends.onnx.wasm!.numThreads = 1; // a page that is not isolated has no more

const extractor = await pipeline('feature-extraction', 'Xenova/all-MiniLM-L6-v2', { dtype: 'q8', device: 'wasm' });

self.onmessage = ({ data: texts }: MessageEvent<readonly string[]>) => {
  void (async () => {
    const start = performance.now();
    const vectors: number[] = [];
    for (let at = 0; at < texts.length; at += BATCH) {
      const out = await extractor(texts.slice(at, at + BATCH), { pooling: 'mean', normalize: true });
      vectors.push(...(out.data as Float32Array));
    }
    self.postMessage({ ms: performance.now() - start, vectors: Float32Array.from(vectors) });
  })();
};
self.postMessage('ready');
