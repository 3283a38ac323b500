// The embeddings server of era-search in a process of its own, so that a test can stop it like a network failure.

import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { cli, root } from './cli.ts';

/** Engine options of a page that uses this server. */
export const QUERY_MODEL = {
  model: 'bge-small-en-v1.5',
  prompt: 'Represent this sentence for searching relevant passages: {text}',
} as const;

export interface EmbeddingsServer {
  readonly process: ChildProcess;
  /** Ends in `/v1`. */
  readonly url: string;
}

export async function startEmbeddings(): Promise<EmbeddingsServer> {
  const serve = spawn(process.execPath, [cli, 'serve', '--port', '0'], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  for await (const line of createInterface({ input: serve.stdout })) {
    const url = /(http\S+\/v1)\/embeddings/.exec(line)?.[1];
    if (url !== undefined) return { process: serve, url };
  }
  throw new Error('The embeddings server did not start.');
}
