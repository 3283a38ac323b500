// Copies the examples, makes their indexes and serves them: node examples/serve.mjs [PORT], after npm start has built
// the packages once. With API_URL, API_MODEL and API_KEY in the environment it starts the proxy of the query API's
// example too.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath, pathToFileURL } from 'node:url';
import sirv from 'sirv';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const PAGES_OF_THEIR_OWN = ['element', 'own-analyzer'];
const OF_RECIPES = ['records', 'own-interface', 'teaching'];

/**
 * @typedef {object} Api an OpenAI-compatible embeddings API
 * @property {string} url ends in /v1
 * @property {string} model
 * @property {string | undefined} [key]
 */

/**
 * @param {string} folder that is made anew
 * @param {{ port?: number, api?: Api | undefined }} [options]
 * @returns the address, and what ends it
 */
export async function serveExamples(folder, { port = 0, api } = {}) {
  await rm(folder, { recursive: true, force: true });
  await cp(join(ROOT, 'examples'), folder, { recursive: true });
  await writeFile(join(folder, 'favicon.ico'), ''); // browsers ask for one
  for (const name of [...PAGES_OF_THEIR_OWN, ...OF_RECIPES]) await makeIndex(folder, name);
  const server = createServer(
    serving({
      '/lib/': join(ROOT, 'dist/lib'),
      '/site/': join(ROOT, 'dist/site'),
      '/models/': join(ROOT, 'public/models'),
      '/': folder,
    }),
  );
  await once(server.listen(port, '127.0.0.1'), 'listening');
  const address = /** @type {import('node:net').AddressInfo} */ (server.address());
  const url = `http://127.0.0.1:${address.port}/`;
  const proxy = api ? await startProxy(api, new URL(url).origin) : null;
  if (api && proxy) await useProxy(folder, api, proxy.url);
  const close = () => {
    proxy?.process.kill();
    server.closeAllConnections();
    server.close();
  };
  return { url, close };
}

/** What `era-search index` does. @param {string} folder @param {string} name @param {object} [options] */
async function makeIndex(folder, name, options = {}) {
  const { createIndex } = await import(pathToFileURL(join(ROOT, 'dist/node/index.js')).href);
  const extension = name === 'own-analyzer' ? join(ROOT, 'examples/extend/analyzer.js') : undefined;
  const index = await createIndex({ extension, modelFiles: false, ...options });
  if (PAGES_OF_THEIR_OWN.includes(name)) await index.addDirectory({ path: join(folder, name) });
  else await index.addCorpus(join(folder, 'recipes.json'));
  await index.write({ outputPath: join(folder, name, 'era-search') });
  index.close();
}

/** @param {Record<string, string>} folders prefix of a path → folder, the last for all others */
function serving(folders) {
  const served = Object.entries(folders).map(([prefix, folder]) => ({ prefix, serve: sirv(folder, { dev: true }) }));
  /** @type {import('node:http').RequestListener} */
  return (request, response) => {
    const path = request.url ?? '/';
    const { prefix, serve } = served.find((candidate) => path.startsWith(candidate.prefix)) ?? served[0];
    request.url = `/${path.slice(prefix.length)}`;
    serve(request, response, () => void response.writeHead(404).end());
  };
}

/** The sample proxy as a process of its own. @param {Api} api @param {string} origin of the pages that may ask it */
async function startProxy({ url, model, key = 'none' }, origin) {
  const env = {
    ...process.env,
    UPSTREAM: url,
    MODEL: model,
    API_KEY: key,
    ALLOW_ORIGINS: origin,
    PORT: '0',
    FORCE_COLOR: '0',
  };
  const file = join(ROOT, 'src/node/samples/embeddings-proxy.mjs');
  const proxy = spawn(process.execPath, [file], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = await once(proxy.stdout, 'data');
  return { process: proxy, url: `http://127.0.0.1:${/port: (\d+)/.exec(String(line))?.[1]}/v1` };
}

/**
 * Aligns the index to the API's model, and puts the address of the proxy into the page.
 * @param {string} folder @param {Api} api @param {string} proxy
 */
async function useProxy(folder, api, proxy) {
  await makeIndex(folder, 'query-api', { queryModel: api });
  const page = join(folder, 'query-api/index.html');
  const html = await readFile(page, 'utf8');
  await writeFile(
    page,
    html.replace('https://proxy.example.com/v1', proxy).replace('text-embedding-3-large', api.model),
  );
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { API_URL: url, API_MODEL: model = 'text-embedding-3-large', API_KEY: key } = process.env;
  const api = url === undefined ? undefined : { url, model, key };
  const { url: address } = await serveExamples(join(ROOT, '.cache/examples'), {
    port: Number(process.argv[2] ?? 4180),
    api,
  });
  console.log(`Examples: ${address}`);
}
