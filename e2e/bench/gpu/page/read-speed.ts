// The bandwidth of the card's memory, as a shader that only reads has it: the limit of a scan of the same bytes.

import { requestGpuDevice } from '../../../../src/scan/webgpu/device.ts';
import { median, timed } from './timing.ts';

/** As large as the scan's segments. */
const BUFFER_BYTES = 64 * 1024 * 1024;
const THREADS = 256;
/** Reads of a thread, of 16 bytes each. */
const READS = 16;
const PASSES = 4;

const SHADER = /* wgsl */ `
@group(0) @binding(0) var<storage, read> numbers: array<vec4<u32>>;
@group(0) @binding(1) var<storage, read_write> found: array<u32>;

@compute @workgroup_size(${THREADS})
fn read_all(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) thread: u32) {
  var all = vec4<u32>();
  for (var i = 0u; i < ${READS}u; i++) {
    all ^= numbers[(group.x * ${READS}u + i) * ${THREADS}u + thread];
  }
  // Never so, which the compiler cannot know: no read can be left out.
  if (all.x == 0x12345678u && all.y == 0x9abcdef0u && all.z == 0x0fedcba9u && all.w == 0x87654321u) {
    found[0] = 1u;
  }
}`;

/** @param bytes read in turn, more than any cache has @returns bytes a second */
export async function readSpeed({
  bytes,
  rounds,
}: {
  readonly bytes: number;
  readonly rounds: number;
}): Promise<number> {
  const device = await requestGpuDevice();
  const module = device.createShaderModule({ code: SHADER });
  const pipeline = await device.createComputePipelineAsync({ layout: 'auto', compute: { module } });
  const found = device.createBuffer({ size: 4, usage: GPUBufferUsage.STORAGE });
  const buffers = Array.from({ length: Math.ceil(bytes / BUFFER_BYTES) }, () =>
    device.createBuffer({ size: BUFFER_BYTES, usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST }),
  );
  const numbers = new Uint32Array(BUFFER_BYTES / 4).map((_, i) => Math.imul(i, 2654435761));
  for (const buffer of buffers) device.queue.writeBuffer(buffer, 0, numbers);
  const groups = buffers.map((buffer) =>
    device.createBindGroup({
      layout: pipeline.getBindGroupLayout(0),
      entries: [buffer, found].map((each, binding) => ({ binding, resource: { buffer: each } })),
    }),
  );
  const readAll = async (): Promise<void> => {
    for (let i = 0; i < PASSES; i++) {
      const encoder = device.createCommandEncoder();
      const pass = encoder.beginComputePass();
      pass.setPipeline(pipeline);
      for (const group of groups) {
        pass.setBindGroup(0, group);
        pass.dispatchWorkgroups(BUFFER_BYTES / (16 * READS * THREADS));
      }
      pass.end();
      device.queue.submit([encoder.finish()]);
    }
    await device.queue.onSubmittedWorkDone();
  };
  await readAll();
  const ms: number[] = [];
  for (let i = 0; i < rounds; i++) ms.push((await timed(readAll)).ms);
  device.destroy();
  return (PASSES * buffers.length * BUFFER_BYTES) / (median(ms) / 1000);
}
