// The proxy as a process of its own, like a site owner runs it, and a client of it. In all cases no answer and no output
// of the proxy contains the key. Tests only.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished } from 'vitest';
import { startFaultyServer, type Behaviour, type FaultyServer } from '../../../e2e/support/faulty-server.ts';
import { isEraError, type EraError } from '../../errors.ts';
import type { QueryEncoder } from '../../query/query-encoder.ts';
import { createRemoteEncoder } from '../../query/remote-encoder.ts';
import type { RemoteOptions } from '../../query/remote-options.ts';

export const SCRIPT: string = fileURLToPath(new URL('embeddings-proxy.mjs', import.meta.url));
export const ORIGIN = 'https://docs.example.com';
export const KEY = 'sk-canary-0123456789';
export const MODEL = 'test-model';

export interface Proxy {
  /** Ends in `/v1`. */
  readonly baseUrl: string;
  readonly port: number;
  /** Sends one request and checks that the response does not contain the key. */
  readonly post: (body: unknown, init?: RequestInit) => Promise<{ response: Response; text: string }>;
}

export async function startProxy(upstream: string, env: Record<string, string> = {}): Promise<Proxy> {
  const child = spawn(process.execPath, [SCRIPT], {
    env: {
      API_KEY: KEY,
      ALLOW_ORIGINS: `${ORIGIN}/ http://localhost:4321`,
      UPSTREAM: upstream,
      MODEL,
      PORT: '0',
      ...env,
    },
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  onTestFinished(async () => {
    const ended = once(child, 'close');
    child.kill();
    await ended;
    expect(output).not.toContain(KEY);
  });
  await expect.poll(() => output, { timeout: 20_000 }).toMatch(/port: \d+/);
  const port = Number(/port: (\d+)/.exec(output)![1]);
  const baseUrl = `http://127.0.0.1:${port}/v1`;
  return {
    baseUrl,
    port,
    post: async (body, init = {}) => {
      const headers = {
        origin: ORIGIN,
        'content-type': 'application/json',
        ...(init.headers as Record<string, string> | undefined),
      };
      const response = await fetch(`${baseUrl}/embeddings`, {
        method: 'POST',
        body: typeof body === 'string' ? body : JSON.stringify(body),
        ...init,
        headers,
      });
      const text = await response.text();
      expect(JSON.stringify([...response.headers]) + text).not.toContain(KEY);
      return { response, text };
    },
  };
}

export async function startBefore(
  behaviours: readonly Behaviour[],
  env?: Record<string, string>,
): Promise<Proxy & { upstream: FaultyServer }> {
  const upstream = await startFaultyServer(...behaviours);
  onTestFinished(upstream.close);
  return { upstream, ...(await startProxy(upstream.baseUrl, env)) };
}

/** A client like that of a page of the site. */
export function clientOf({ baseUrl }: Proxy, options: Partial<RemoteOptions> = {}): QueryEncoder {
  return createRemoteEncoder({ baseUrl, model: MODEL, maxRetries: 0, headers: () => ({ origin: ORIGIN }), ...options });
}

export async function failureOf(work: Promise<unknown>): Promise<EraError> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!isEraError(error)) throw new Error('It did not fail as expected.', { cause: error });
  expect(JSON.stringify(error) + error.message).not.toContain(KEY);
  return error;
}

export const one = { model: MODEL, input: 'one' };
