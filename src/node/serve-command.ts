// `era-search serve`: the playground, the bundled files, the built indexes and the embeddings API on one origin, until
// it is stopped.

import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { openEncoder } from '../encode/open-encoder.ts';
import { EraError } from '../errors.ts';
import type { CommandIo } from './command-io.ts';
import { openBrowser } from './open-browser.ts';
import { packageRoot } from './package-root.ts';
import { startServer } from './serve/server.ts';

/** Takes the role of a site's large model. */
const QUERY_MODEL = 'Xenova/bge-small-en-v1.5';
/** The name that pages ask for, without the exporter's prefix. */
const SERVED_AS = basename(QUERY_MODEL);

const HELP = `era-search serve [flags]

Serves the playground, the bundled models and corpora, the indexes under .cache/collections, and POST /v1/embeddings.

  --port N       port (default 4173; 0: any free one)
  --host H       address to listen on (default 127.0.0.1: this machine only)
  --models DIR   folder that holds <model>/… (default: the models that come with era-search)
  --open         open a browser where there is a desktop

Ctrl+C finishes the requests under way and ends it with exit code 0.`;

export async function runServe(args: string[], io: CommandIo): Promise<number> {
  const { values } = parseArgs({
    args,
    options: {
      port: { type: 'string', default: '4173' },
      host: { type: 'string', default: '127.0.0.1' },
      models: { type: 'string' },
      open: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) {
    io.print(HELP);
    return 0;
  }
  const port = Number(values.port);
  if (!/^\d{1,5}$/.test(values.port) || port > 65535)
    throw new EraError('invalid-option', `--port must be a number from 0 to 65535, not ${values.port}.`);

  const root = packageRoot();
  const staticDirs = [
    { dir: join(root, 'dist/playground') },
    { dir: join(root, 'public') },
    { dir: join(root, '.cache/collections'), prefix: '/indexes/' },
  ];
  io.note(`Loading the query model ${QUERY_MODEL}.`);
  const { encoder } = await openEncoder({
    model: QUERY_MODEL,
    modelBase: values.models ?? join(root, 'public/models'),
    device: 'cpu',
    signal: io.signal,
  });
  try {
    const server = await startServer({
      port,
      host: values.host,
      staticDirs,
      encoder,
      modelNames: [SERVED_AS, QUERY_MODEL],
      collections: io.maker?.states,
    });
    io.print(`Playground:      ${server.url}`);
    io.print(`Embeddings API:  ${new URL('v1/embeddings', server.url).href}  (model ${SERVED_AS})`);
    io.note('Ctrl+C ends it.');
    io.maker?.onListening();
    if (values.open) openBrowser(server.url);
    await stopped(io.signal);
    io.note('Closing.');
    await server.close();
    return 0;
  } finally {
    await encoder.dispose();
  }
}

function stopped(signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) resolve();
    else signal?.addEventListener('abort', () => resolve(), { once: true });
  });
}
