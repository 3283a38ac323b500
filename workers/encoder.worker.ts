// The small document encoder in its own worker, since memory is released only when a worker ends.

import { collectRecords } from '../src/build/collect-records.ts';
import { openEncoder } from '../src/encode/open-encoder.ts';
import type { LoadProgress, OpenedEncoder } from '../src/encode/encoder.ts';
import { EraError } from '../src/errors.ts';
import type { EncoderApi } from '../src/rpc/protocol.ts';
import { serve } from '../src/rpc/server.ts';

let current: OpenedEncoder | undefined;

function opened(): OpenedEncoder {
  if (!current) throw new EraError('no-encoder', 'The encoder is not open.');
  return current;
}

/** The extension's encoder where it has one, else the model. */
async function openEither(
  { extension, ...options }: EncoderApi['open']['args'],
  signal: AbortSignal,
  onLoad: (progress: LoadProgress) => void,
): Promise<OpenedEncoder> {
  if (extension !== undefined) {
    const { loadExtension } = await import('../src/extension/load-extension.ts');
    const { openOwnEncoder } = await import('../src/extension/open-own-encoder.ts');
    const own = await openOwnEncoder(await loadExtension(extension), { signal });
    if (own) return own;
  }
  return openEncoder({ ...options, signal, onLoad });
}

serve<EncoderApi>(self, {
  async open(options, { signal, progress }) {
    await current?.encoder.dispose();
    current = undefined;
    current = await openEither(options, signal, progress);
    const { encoder, refused } = current;
    return { space: encoder.space, device: encoder.device, refused };
  },

  async encode({ texts, role, reproducible }, { signal, progress, transfer }) {
    const vectors = await opened().encoder.encode(texts, role, { signal, reproducible, onProgress: progress });
    transfer(vectors.buffer);
    return vectors;
  },

  collect: ({ records, mayBeEmpty }) => collectRecords(records, { ...opened(), mayBeEmpty }),
});
