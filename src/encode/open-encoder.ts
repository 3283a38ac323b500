// Opens the small document encoder on the first available device that passes the self-test, in browsers, workers and
// Node.

import type { Refusal } from '../device.ts';
import { EraError, isEraError, messageOf } from '../errors.ts';
import type { Encoder, EncoderDevice, EncoderOptions, OpenedEncoder } from './encoder.ts';
import { locateModel } from './model-choice.ts';
import { HUB, isNode, ModelFiles } from './model-files.ts';
import { describeModel } from './describe-model.ts';
import { DEFAULT_MODEL, spaceOf, weightsFor, type ModelDescription } from './models.ts';
import { beginPhase, type NetworkSource, type OpenNetwork } from './network.ts';
import { loadGolden, selfTest, type GoldenCase } from './self-test.ts';
import { NetworkEncoder } from './network-encoder.ts';
import { loadTokenizer, type Tokenizer } from './tokenizer.ts';

/**
 * Loads the model, then tries the devices in order. A device that cannot be opened or fails the self-test goes to
 * `refused`.
 * @throws EraError `invalid-option`; `model-load` for files that are missing or damaged; `self-test-failed` or
 * `model-load`, with every device's reason, when none is left; the signal's reason when aborted
 */
export async function openEncoder(options: EncoderOptions = {}): Promise<OpenedEncoder> {
  const { model = DEFAULT_MODEL, modelBase = './models/', fromHub = false, signal } = options;
  const { model: chosen, base } = locateModel(model, modelBase);
  const devices = deviceOrder(options.device ?? 'auto');
  const beside = new ModelFiles(folderOf(base, chosen.name), options);
  const files = fromHub
    ? new ModelFiles(`${HUB}${chosen.name}/resolve/${chosen.revision ?? 'main'}/`, options)
    : beside;
  const description = await describeModel(chosen, files);

  // The hub has no golden vectors, so they always come from `modelBase`.
  const [tokenizer, golden] = await Promise.all([loadTokenizer(files), loadGolden(beside, description)]);
  const openNetwork = await loadRuntime();

  const refused: Refusal[] = [];
  let lastError: unknown;
  for (const device of devices) {
    try {
      const encoder = await openOn(device, openNetwork, { description, files, options }, tokenizer, golden);
      return { encoder, refused, ...limitOf(description, tokenizer) };
    } catch (error) {
      signal?.throwIfAborted();
      refused.push({ device, reason: messageOf(error) });
      lastError = error;
    }
  }
  throw allRefused(chosen.name, refused, lastError);
}

/** Token counts and limit of the model, see `OpenedEncoder`. */
export function limitOf(
  { maxTokens }: Pick<ModelDescription, 'maxTokens'>,
  tokenizer: Tokenizer,
): Pick<OpenedEncoder, 'countTokens' | 'maxTokens'> {
  const { specialTokens } = tokenizer;
  return {
    countTokens: (text) => tokenizer.encode(text, Infinity).length - specialTokens,
    maxTokens: maxTokens - specialTokens,
  };
}

/** @throws EraError `self-test-failed`, `no-webgpu`, `model-load`, or whatever the runtime throws */
async function openOn(
  device: EncoderDevice,
  openNetwork: OpenNetwork,
  source: Omit<NetworkSource, 'weights'>,
  tokenizer: Tokenizer,
  golden: readonly GoldenCase[],
): Promise<Encoder> {
  const { description, options } = source;
  const weights = weightsFor(description, device);
  if (!weights)
    throw new EraError(device === 'webgpu' ? 'no-webgpu' : 'model-load', `The model has no weights for ${device}.`);
  const network = await openNetwork(device, { ...source, weights });
  const encoder = new NetworkEncoder(spaceOf(description, weights.dtype), device, description, tokenizer, network);
  try {
    beginPhase('check', options);
    await selfTest(encoder, golden, options.signal);
    return encoder;
  } catch (error) {
    await encoder.dispose().catch(() => undefined); // the reason of the refusal is reported, not this error
    throw error;
  }
}

function deviceOrder(device: NonNullable<EncoderOptions['device']>): EncoderDevice[] {
  if (isNode ? device !== 'webgpu' : device !== 'cpu') {
    if (isNode) return [device === 'wasm' ? 'wasm' : 'cpu'];
    return device === 'wasm' ? ['wasm'] : ['webgpu', 'wasm'];
  }
  throw new EraError(
    'invalid-option',
    `The device “${device}” is not one of ${isNode ? 'Node: auto, cpu, wasm' : 'a browser: auto, webgpu, wasm'}.`,
    {
      details: { device },
    },
  );
}

/**
 * The model's folder with a slash at the end; in a browser a full address, so that messages name the requested address.
 */
function folderOf(modelBase: string, model: string): string {
  const folder = `${modelBase}${model}/`;
  if (!isNode) return new URL(folder, location.href).href;
  if (/^https?:/.test(folder))
    throw new EraError('invalid-option', `In Node modelBase is a folder, not an address: ${modelBase}`);
  return folder;
}

async function loadRuntime(): Promise<OpenNetwork> {
  const { openNetwork } = isNode ? await import('./node-runtime.ts') : await import('./browser-runtime.ts');
  return openNetwork;
}

function allRefused(model: string, refused: readonly Refusal[], lastError: unknown): EraError {
  const reasons = refused.map(({ device, reason }) => `${device}: ${reason}`).join(' ');
  const code = isEraError(lastError, 'self-test-failed') ? 'self-test-failed' : 'model-load';
  return new EraError(code, `No device can run ${model}. ${reasons}`, {
    details: { model, ...Object.fromEntries(refused.map(({ device, reason }) => [device, reason])) },
    cause: lastError,
  });
}
