// Load on `era-search serve`: many clients at once, then more than its queue takes, then SIGTERM in the middle. It prints
// percentiles and memory, which pass or fail nothing; it ends with an error where a promise does not hold: a request
// that is not answered with vectors, a full queue that is not 429 with a time to wait, an answer that is cut off.
//   npx vite build --mode node
//   node e2e/bench/run.mjs serve-load [--clients 32] [--seconds 120] [--seed 1]

import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { Random } from '../../src/math/random.ts';
import { cli, root } from '../support/cli.ts';

const { values } = parseArgs({
  args: process.argv.slice(3).filter((arg) => arg !== '--'),
  options: {
    clients: { type: 'string', default: '32' },
    seconds: { type: 'string', default: '120' },
    seed: { type: 'string', default: '1' },
  },
});
const clients = Number(values.clients);
const random = new Random(Number(values.seed));
/** The default `maxTexts` of a request, and several times the default `maxQueuedTexts` of all. */
const FULL_REQUEST = 2048;
const FULL_REQUESTS = 12;
const WORDS = [
  'restore',
  'backup',
  'passphrase',
  'snapshot',
  'server',
  'laptop',
  'schedule',
  'cloud',
  'storage',
  'error',
];

interface Reply {
  readonly status: number;
  readonly ms: number;
  readonly retryAfter: string | null;
  /** Whether the body is the list of vectors that was asked for. */
  readonly isWhole: boolean;
}

const text = (): string =>
  Array.from(
    { length: 3 + Math.floor(random.float() * 12) },
    () => WORDS[Math.floor(random.float() * WORDS.length)],
  ).join(' ');

async function ask(api: string, input: readonly string[]): Promise<Reply> {
  const startMs = performance.now();
  const response = await fetch(`${api}v1/embeddings`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'Xenova/bge-small-en-v1.5', input, encoding_format: 'base64' }),
  });
  const body = (await response.json()) as { data?: readonly { embedding: string }[] };
  return {
    status: response.status,
    ms: performance.now() - startMs,
    retryAfter: response.headers.get('retry-after'),
    isWhole: body.data?.length === input.length && body.data.every(({ embedding }) => embedding.length > 100),
  };
}

/** A server whose model has read a text. */
async function start(): Promise<{ readonly server: ChildProcess; readonly api: string }> {
  const server = spawn(process.execPath, [cli, 'serve', '--port', '0'], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let api: string | undefined;
  for await (const line of createInterface(server.stdout)) {
    api = /(http:\S+\/)v1\/embeddings/.exec(line)?.[1];
    if (api !== undefined) break;
  }
  if (api === undefined) throw new Error('The server ended before it listened.');
  server.stdout.resume();
  await ask(api, ['warm up']);
  return { server, api };
}

/** MiB of memory that the process holds now; NaN where the system does not say. */
function residentMiB({ pid }: ChildProcess): number {
  try {
    return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;
  } catch {
    return NaN;
  }
}

function percentile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? NaN;
}

const broken: string[] = [];
const { server, api } = await start();

const startMiB = residentMiB(server);
const replies: Reply[] = [];
const endMs = performance.now() + Number(values.seconds) * 1000;
await Promise.all(
  Array.from({ length: clients }, async () => {
    while (performance.now() < endMs)
      replies.push(await ask(api, Array.from({ length: 1 + Math.floor(random.float() * 4) }, text)));
  }),
);
const times = replies.map(({ ms }) => ms).sort((a, b) => a - b);
const failed = replies.filter(({ status, isWhole }) => status !== 200 || !isWhole).length;
if (failed > 0) broken.push(`${failed} of ${replies.length} requests were not answered with their vectors`);
console.log(
  `${clients} clients, ${values.seconds} s, seed ${values.seed}: ${replies.length} requests, ${failed} failed; ` +
    `p50 ${percentile(times, 0.5).toFixed(0)} ms, p99 ${percentile(times, 0.99).toFixed(0)} ms; ` +
    `memory ${startMiB.toFixed(0)} → ${residentMiB(server).toFixed(0)} MiB`,
);

const flood = Array.from({ length: FULL_REQUESTS }, (_, i) =>
  ask(
    api,
    Array.from({ length: FULL_REQUEST }, (_, j) => `${i} ${j}`),
  ),
);
const refused = await Promise.race([
  Promise.any(flood.map(async (reply) => ((await reply).status === 429 ? reply : Promise.reject(new Error('taken'))))),
  Promise.all(flood).then(() => null),
]);
if (refused === null) broken.push('a queue past its limit refused nothing');
else if (!(Number(refused.retryAfter) > 0)) broken.push('a refused request is not told when to come back');
console.log(
  `Past the queue's limit: ${refused?.status ?? 'all taken'}, Retry-After ${refused?.retryAfter ?? 'none'} s.`,
);
// what is still queued is given up: the server stops working for clients that are gone
server.kill('SIGKILL');
await once(server, 'exit');
await Promise.allSettled(flood);

const { server: draining, api: next } = await start();
const running = Array.from({ length: 8 }, () => ask(next, Array.from({ length: 8 }, text)));
await Promise.any(running);
draining.kill('SIGTERM');
const exit = once(draining, 'exit');
const drained = await Promise.allSettled(running);
const answered = drained.filter((reply) => reply.status === 'fulfilled' && reply.value.isWhole).length;
if (answered < running.length)
  broken.push(`SIGTERM cut off ${running.length - answered} of ${running.length} requests`);
const [code] = (await exit) as [number | null];
if (code !== 0) broken.push(`SIGTERM ended the server with ${String(code)}`);
console.log(`SIGTERM with ${running.length} requests running: ${answered} answered, exit code ${String(code)}.`);

if (broken.length > 0) {
  console.error(broken.join('\n'));
  process.exitCode = 1;
}
