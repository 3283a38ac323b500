// The network in Node: transformers.js on onnxruntime-node's CPU; or onnxruntime-web's WASM, which is slower but gives
// the same bits as a page. q8 rounds activations, so that a difference in the last bit of a sum can become a hundredth
// of a cosine: only the same kernels give the same vectors.

import { AutoModel, Tensor, type ProgressInfo } from '@huggingface/transformers';
import { EraError, messageOf } from '../errors.ts';
import type { EncoderDevice } from './encoder.ts';
import { withPlainFiles } from './model-files.ts';
import { beginPhase, hiddenOf, tensorsOf, type Batch, type Network, type NetworkSource } from './network.ts';

export function openNetwork(device: EncoderDevice, source: NetworkSource): Promise<Network> {
  return device === 'wasm' ? openWasm(source) : openCpu(source);
}

async function openCpu({ description: { name, revision }, weights, files, options }: NetworkSource): Promise<Network> {
  const { fromHub = false, onLoad, threads } = options;
  const report = (info: ProgressInfo): void => {
    if (info.status === 'progress')
      onLoad?.({ phase: 'fetch', file: info.file, loadedBytes: info.loaded, totalBytes: info.total });
  };
  if (!fromHub) await files.json('config.json'); // transformers.js needs it, and names options of its own where it is missing
  const load = (where: string): ReturnType<typeof AutoModel.from_pretrained> =>
    AutoModel.from_pretrained(where, {
      device: 'cpu',
      dtype: 'fp32', // no suffix: the name of the file is complete
      model_file_name: weights.file.replace(/\.onnx$/, ''),
      revision,
      local_files_only: !fromHub,
      ...(threads === undefined ? {} : { session_options: { intraOpNumThreads: threads, interOpNumThreads: 1 } }),
      ...(fromHub ? { progress_callback: report } : {}),
    });
  const network = await (
    fromHub
      ? load(name)
      : withPlainFiles(files, ['config.json', `onnx/${weights.file}`], (folder) => load(folder.slice(0, -1)))
  ).catch((cause: unknown) => {
    throw new EraError('model-load', `${files.folder}: ${messageOf(cause)}`, {
      details: { address: files.folder },
      cause,
    });
  });

  return {
    async run({ rows, length, ids, mask }: Batch): Promise<Float32Array> {
      const dims = [rows, length];
      const output = (await network({
        input_ids: new Tensor('int64', ids, dims),
        attention_mask: new Tensor('int64', mask, dims),
        // left out where the graph has no such input
        token_type_ids: new Tensor('int64', new BigInt64Array(ids.length), dims),
      })) as Record<string, Tensor>;
      return hiddenOf(output).data as Float32Array;
    },
    async release(): Promise<void> {
      await network.dispose();
    },
  };
}

async function openWasm({ weights, files, options }: NetworkSource): Promise<Network> {
  const name = 'onnxruntime-web'; // a variable as specifier, so that browser builds do not bundle this second copy
  const {
    env,
    InferenceSession,
    Tensor: OrtTensor,
  } = (await import(/* @vite-ignore */ name)) as typeof import('onnxruntime-web');
  env.wasm.numThreads = 1; // its threads are web workers
  env.logLevel = 'error';
  const bytes = await files.bytes(`onnx/${weights.file}`);
  beginPhase('compile', options);
  const session = await InferenceSession.create(bytes, { executionProviders: ['wasm'] });
  return {
    async run(batch: Batch): Promise<Float32Array> {
      const inputs = tensorsOf(batch, session.inputNames, (data, dims) => new OrtTensor('int64', data, dims));
      return hiddenOf(await session.run(inputs)).data as Float32Array;
    },
    release: () => session.release(),
  };
}
