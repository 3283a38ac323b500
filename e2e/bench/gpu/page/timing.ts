/** Milliseconds of a call, and what it gave. */
export async function timed<T>(work: () => Promise<T> | T): Promise<{ readonly ms: number; readonly value: T }> {
  const begin = performance.now();
  const value = await work();
  return { ms: performance.now() - begin, value };
}

export function median(numbers: readonly number[]): number {
  return [...numbers].sort((a, b) => a - b)[numbers.length >> 1]!;
}

/** What was computed on the GPU is what was computed without it. @throws Error where it is not */
export function assertSame(what: string, gpu: unknown, cpu: unknown): void {
  if (JSON.stringify(plain(gpu)) !== JSON.stringify(plain(cpu)))
    throw new Error(`${what}: the GPU gives another result.`);
}

const plain = (value: unknown): unknown =>
  ArrayBuffer.isView(value)
    ? Array.from(value as unknown as ArrayLike<number>)
    : Array.isArray(value)
      ? value.map(plain)
      : typeof value === 'object' && value !== null
        ? Object.entries(value).map(([key, each]) => [key, plain(each)])
        : value;
