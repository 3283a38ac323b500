// The server of npm start while collections are being made: their states are what the spec says.

import { join } from 'node:path';
import { openEncoder } from '../../src/encode/open-encoder.ts';
import type { CollectionState } from '../../src/node/serve/collection-states.ts';
import { startServer } from '../../src/node/serve/server.ts';
import { root } from './cli.ts';

export interface UnfinishedServer {
  /** With a slash at the end. */
  readonly url: string;
  /** In place of the state of the same name. */
  readonly tell: (state: CollectionState) => void;
  readonly close: () => Promise<void>;
}

/** @param folder of the collections @param port 0 for any that is free */
export async function startUnfinished(
  folder: string,
  begun: readonly CollectionState[],
  port = 0,
): Promise<UnfinishedServer> {
  const states = new Map(begun.map((state) => [state.name, state]));
  const { encoder } = await openEncoder({
    model: 'Xenova/bge-small-en-v1.5',
    modelBase: join(root, 'public/models'),
    device: 'cpu',
  });
  const server = await startServer({
    port,
    staticDirs: [
      { dir: join(root, 'dist/playground') },
      { dir: join(root, 'public') },
      { dir: folder, prefix: '/indexes/' },
    ],
    encoder,
    modelNames: ['bge-small-en-v1.5'],
    collections: () => [...states.values()],
    shutdownTimeoutMs: 0, // a page may hold a connection
  });
  let closed: Promise<void> | undefined;
  return {
    url: server.url,
    tell: (state) => void states.set(state.name, state),
    close: () => (closed ??= server.close().then(() => encoder.dispose())),
  };
}
