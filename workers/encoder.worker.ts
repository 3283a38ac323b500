// The small document encoder in a worker of its own: the only unit whose memory can be taken back.

import { openEncoder } from '../src/encode/open-encoder.ts';
import type { Encoder } from '../src/encode/encoder.ts';
import { EraError } from '../src/errors.ts';
import type { EncoderApi } from '../src/rpc/protocol.ts';
import { serve } from '../src/rpc/server.ts';

let current: Encoder | undefined;

serve<EncoderApi>(self, {
  async open(options, { signal, progress }) {
    await current?.dispose();
    current = undefined;
    const { encoder, refused } = await openEncoder({ ...options, signal, onLoad: progress });
    current = encoder;
    return { space: encoder.space, device: encoder.device, refused };
  },

  async encode({ texts, role, reproducible }, { signal, progress, transfer }) {
    if (!current) throw new EraError('no-encoder', 'The encoder is not open.');
    const vectors = await current.encode(texts, role, { signal, reproducible, onProgress: progress });
    transfer(vectors.buffer);
    return vectors;
  },
});
