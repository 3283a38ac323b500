import { gpuAdapter } from '../../../../src/device.ts';
import { gpuFacts, hasPackedDot } from '../../../../src/scan/webgpu/device.ts';

export interface AdapterFacts {
  /** Why there is nothing to measure; null for a hardware adapter. */
  readonly refusal: string | null;
  readonly name: string;
  readonly features: Readonly<Record<'shader-f16' | 'subgroups' | 'packed_4x8_integer_dot_product', boolean>>;
  /** Bytes. */
  readonly maxStorageBufferBindingSize: number;
}

export async function adapterFacts(): Promise<AdapterFacts> {
  const { refusal } = await gpuFacts();
  const adapter = await gpuAdapter(navigator.gpu as GPU | undefined);
  const { vendor, architecture, device, description } = adapter?.info ?? {};
  return {
    refusal,
    name: [vendor, architecture, device, description].filter(Boolean).join(', ') || 'no adapter',
    features: {
      'shader-f16': adapter?.features.has('shader-f16') ?? false,
      subgroups: adapter?.features.has('subgroups') ?? false,
      packed_4x8_integer_dot_product: hasPackedDot(),
    },
    maxStorageBufferBindingSize: adapter?.limits.maxStorageBufferBindingSize ?? 0,
  };
}
