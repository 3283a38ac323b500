// Starts the playground: one engine, one state, one render a frame.

import { render } from 'lit';
import { Engine, type QueryPath } from '../index.ts';
import { Actions } from './actions.ts';
import { statusOf } from '../page/status.ts';
import { registerOffline } from './offline.ts';
import { NONE } from './own-labels.ts';
import type { State } from './state.ts';
import { page } from './view/page.ts';

const params = new URLSearchParams(location.search);
const choice = <T extends string>(name: string, allowed: readonly T[]): T | undefined => allowed.find((value) => value === params.get(name));

let frame = 0;
const schedule = (): void => {
  frame ||= requestAnimationFrame(() => {
    frame = 0;
    render(page(state, actions), root);
  });
};

const root = document.querySelector<HTMLElement>('#app')!;
const engine = new Engine({
  encoder: { device: choice('encoder', ['auto', 'webgpu', 'wasm']) },
  query: {
    baseUrl: './v1',
    model: 'bge-small-en-v1.5',
    prompt: 'Represent this sentence for searching relevant passages: {text}',
    // The server that comes with era-search computes on the CPU, one batch at a time: small batches show progress, and it may be slow.
    maxBatchTexts: 16,
    concurrency: 1,
    timeoutMs: 120_000,
    totalTimeoutMs: 240_000,
  },
  baseAdapter: './adapters/bge-small-en-v1.5--all-MiniLM-L6-v2.safetensors',
  store: choice('store', ['auto', 'memory']),
  scan: choice('scan', ['auto', 'js', 'wasm', 'webgpu']),
  trainerDevice: choice('trainer-device', ['auto', 'webgpu', 'wasm', 'cpu']),
  onStatus: schedule,
});

const state: State = {
  engine,
  get status() {
    return statusOf(engine, state.collection);
  },
  collection: null,
  source: 'network',
  corpora: [],
  corpus: '',
  labels: [],
  own: NONE,
  use: 'both',
  keeps: params.get('store') !== 'memory',
  labelNote: '',
  tasks: [],
  problem: null,
  notice: '',
  query: '',
  typed: '',
  path: choice<QueryPath>('path', ['both', 'local', 'remote']) ?? 'both',
  columns: [],
  relevant: new Map(),
  trainer: 'closed-form',
  share: 0.2,
  alignmentPassages: 400,
  losses: [],
  lossStage: 'align',
  reports: [],
  evaluation: null,
  curve: null,
};
const actions = new Actions(state, schedule);

root.replaceChildren();
schedule();
void actions.start();
void registerOffline();
