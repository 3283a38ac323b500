// The network in Node: transformers.js on onnxruntime-node's CPU, the only device there.

import { AutoModel, Tensor, type ProgressInfo } from '@huggingface/transformers';
import { EraError, messageOf } from '../errors.ts';
import type { EncoderDevice } from './encoder.ts';
import type { Batch, Network, NetworkSource } from './network.ts';

export async function openNetwork(_device: EncoderDevice, { model, spec, files, options }: NetworkSource): Promise<Network> {
  const { fromHub = false, onLoad } = options;
  const report = (info: ProgressInfo): void => {
    if (info.status === 'progress') onLoad?.({ file: info.file, loadedBytes: info.loaded, totalBytes: info.total });
  };
  const where = fromHub ? model : files.folder.slice(0, -1);
  const network = await AutoModel.from_pretrained(where, {
    device: 'cpu',
    dtype: 'q8',
    revision: spec.revision,
    local_files_only: !fromHub,
    ...(fromHub ? { progress_callback: report } : {}),
  }).catch((cause: unknown) => {
    throw new EraError('model-load', `${files.folder}: ${messageOf(cause)}`, { details: { address: files.folder }, cause });
  });

  return {
    async run({ rows, length, ids, mask }: Batch): Promise<Float32Array> {
      const dims = [rows, length];
      const output = (await network({
        input_ids: new Tensor('int64', ids, dims),
        attention_mask: new Tensor('int64', mask, dims),
        token_type_ids: new Tensor('int64', new BigInt64Array(ids.length), dims),
      })) as { last_hidden_state: Tensor };
      return output.last_hidden_state.data as Float32Array;
    },
    async release(): Promise<void> {
      await network.dispose();
    },
  };
}
