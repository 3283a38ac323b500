// A worker thread of site/embed-pool.ts: the small model on one thread, one text at a time.

import { parentPort, workerData } from 'node:worker_threads';
import type { EncodeProgress } from '../encode/encoder.ts';
import { openEncoder } from '../encode/open-encoder.ts';
import { isEraError, messageOf } from '../errors.ts';
import type { FromEmbedWorker, PoolModel } from './site/embed-pool.ts';

const { description, modelsDir } = workerData as PoolModel;
const port = parentPort!;
const tell = (message: FromEmbedWorker): void => port.postMessage(message);
const failed = (error: unknown): void =>
  tell({ failed: { code: isEraError(error) ? error.code : 'internal', message: messageOf(error) } });

try {
  const { encoder } = await openEncoder({ model: description, modelBase: modelsDir, device: 'cpu', threads: 1 });
  port.on('message', (text: string) => {
    let tokens: number | undefined;
    const onProgress = ({ doneTokens }: EncodeProgress): void => void (tokens = doneTokens);
    encoder
      .encode([text], 'passage', { reproducible: true, onProgress })
      .then((vector) => tell({ vector, tokens }), failed);
  });
  tell({ isReady: true });
} catch (error) {
  failed(error);
}
