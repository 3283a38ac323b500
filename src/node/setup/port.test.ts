import { createServer, type AddressInfo, type Server } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { requireFreePort } from './port.mjs';

async function listen(): Promise<{ server: Server; port: number }> {
  const server = createServer();
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  return { server, port: (server.address() as AddressInfo).port };
}

test('a free port passes and is still free afterwards', async () => {
  const { server, port } = await listen();
  await new Promise((resolve) => server.close(resolve));
  await requireFreePort(port, '127.0.0.1');
  await requireFreePort(port, '127.0.0.1');
  await requireFreePort(0, '127.0.0.1');
});

test('a busy port is refused with a command that works', async () => {
  const { server, port } = await listen();
  onTestFinished(() => void server.close());
  const error: unknown = await requireFreePort(port, '127.0.0.1').catch((reason: unknown) => reason);
  expect(error).toMatchObject({ code: 'port-busy', exitCode: 1 });
  const offered = /npm start -- --port (\d+)/.exec((error as Error).message)?.[1];
  expect(Number(offered)).toBeGreaterThan(port);
  await requireFreePort(Number(offered), '127.0.0.1');
});

test('an address of another machine is refused', async () => {
  await expect(requireFreePort(0, '192.0.2.1')).rejects.toMatchObject({ code: 'port-busy' });
});
