// The product's remote encoder with a server that answers as the test says; it is closed after each test.

import { afterEach } from 'vitest';
import { isEraError, type EraError } from '../../src/errors.ts';
import type { QueryEncoder } from '../../src/query/query-encoder.ts';
import { createRemoteEncoder } from '../../src/query/remote-encoder.ts';
import type { RemoteOptions } from '../../src/query/remote-options.ts';
import { startFaultyServer, type Behaviour, type FaultyServer } from './faulty-server.ts';

const servers: FaultyServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

/** @param behaviours the n-th request gets the n-th; the last one serves all that follow */
export async function startFaultyRemote(
  behaviours: readonly Behaviour[],
  options: Partial<RemoteOptions> = {},
): Promise<{ server: FaultyServer; encoder: QueryEncoder }> {
  const server = await startFaultyServer(...behaviours);
  servers.push(server);
  return { server, encoder: createRemoteEncoder({ baseUrl: server.baseUrl, model: 'test-model', ...options }) };
}

/** The EraError that `work` rejects with; anything else fails the test. */
export async function failureOf(work: Promise<unknown>): Promise<EraError> {
  const error = await work.then(
    () => new Error('It should have failed.'),
    (reason: unknown) => reason,
  );
  if (!isEraError(error)) throw error;
  return error;
}
