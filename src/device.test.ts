import { describe, expect, test } from 'vitest';
import { gpuAnswer, lossOf } from './device.ts';

describe('a browser that is asked about its GPU', () => {
  test('is waited for while it answers in time', async () => {
    expect(await gpuAnswer(Promise.resolve('adapter'))).toBe('adapter');
    await expect(gpuAnswer(Promise.reject(new TypeError('no')))).rejects.toThrow('no');
  });

  test('and does not answer has no WebGPU', async () => {
    await expect(gpuAnswer(new Promise(() => undefined), 5)).rejects.toMatchObject({ code: 'no-webgpu' });
  });
});

test('a lost device has its own error, with what the browser says', async () => {
  const told = { reason: 'unknown', message: 'The process crashed.' };
  await expect(lossOf({ lost: Promise.resolve(told) })).rejects.toMatchObject({
    code: 'gpu-lost',
    message: expect.stringContaining('The process crashed.') as string,
  });
  const silent = { reason: 'destroyed', message: '' };
  await expect(lossOf({ lost: Promise.resolve(silent) })).rejects.toThrow('destroyed');
});
