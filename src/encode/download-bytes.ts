// The size of a model's download, asked of the server without downloading it: for a page that asks its visitor first.

import { gpuAdapter } from '../device.ts';
import { sizeOf } from '../transfer/download.ts';
import { portableWeights, weightsFor } from './models.ts';
import { RUNTIME_FILES } from './runtime-files.ts';

/**
 * Bytes of the runtime, the tokenizer and the weights for the device that will be tried first, as the server sends
 * them; 0 where it does not say. Files in the browser's cache are included.
 * @param modelBase address of the folder that holds `<model>/…`
 * @throws EraError `invalid-option` for a model that is not known
 */
export async function encoderDownloadBytes({
  model,
  modelBase,
}: {
  readonly model: string;
  readonly modelBase: string;
}): Promise<number> {
  const folder = new URL(`${modelBase.replace(/\/?$/, '/')}${model}/`, location.href).href;
  // only pages that ask their visitor need these
  const [{ describeModel }, { ModelFiles }] = await Promise.all([
    import('./describe-model.ts'),
    import('./model-files.ts'),
  ]);
  const files = new ModelFiles(folder, {});
  const description = await describeModel({ name: model }, files);
  const ofGpu = (await hasHardwareGpu()) ? weightsFor(description, 'webgpu') : null;
  const { file } = ofGpu ?? portableWeights(description);
  const runtime = new URL(RUNTIME_FILES[ofGpu ? 'webgpu' : 'wasm'].module, import.meta.url).href;
  const sizes = await Promise.all([
    sizeOf(runtime),
    files.downloadBytes('tokenizer.json'),
    files.downloadBytes(`onnx/${file}`),
  ]);
  return sizes.includes(0) ? 0 : sizes.reduce((sum, bytes) => sum + bytes, 0);
}

/** The same decision as in browser-runtime.ts: a software adapter is slower than WASM and not used. */
async function hasHardwareGpu(): Promise<boolean> {
  const adapter = await gpuAdapter(navigator.gpu as GPU | undefined).catch(() => null);
  return adapter ? !adapter.info.isFallbackAdapter : false;
}
