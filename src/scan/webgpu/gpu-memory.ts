// The GPU buffers of one owner, counted to the byte.

export class GpuMemory {
  readonly #device: GPUDevice;
  readonly #buffers = new Set<GPUBuffer>();
  #bytesLive = 0;

  constructor(device: GPUDevice) {
    this.#device = device;
  }

  get bytesLive(): number {
    return this.#bytesLive;
  }

  /** @param bytes a multiple of 4 */
  allocate(label: string, bytes: number, usage: GPUBufferUsageFlags): GPUBuffer {
    const buffer = this.#device.createBuffer({ label, size: bytes, usage });
    this.#buffers.add(buffer);
    this.#bytesLive += bytes;
    return buffer;
  }

  free(buffer: GPUBuffer): void {
    if (!this.#buffers.delete(buffer)) return;
    this.#bytesLive -= buffer.size;
    buffer.destroy();
  }

  freeAll(): void {
    for (const buffer of this.#buffers) this.free(buffer);
  }
}
