// Details of devices: which part runs where, and what was refused.

import { html, nothing, type TemplateResult } from 'lit';
import type { CollectionInfo, EngineStatus, Refusal } from '../../index.ts';
import type { State } from '../state.ts';
import { progressText } from './progress.ts';
import { step } from './step.ts';

const DEVICES: Record<string, string> = { webgpu: 'WebGPU', wasm: 'WebAssembly', js: 'JavaScript', cpu: 'CPU' };
const device = (name: string | null): string => (name === null ? '–' : (DEVICES[name] ?? name));

export function devicesStep(number: number, { status }: State): TemplateResult {
  return step(
    number,
    'devices',
    'What runs where',
    html`
      <dl class="devices" data-testid="devices">
        <dt>Small model</dt>
        <dd>${encoderLine(status)}</dd>
        <dt>Remote model</dt>
        <dd>${remoteLine(status)}</dd>
        <dt>Vector scan</dt>
        <dd>${scanLine(status.info)}</dd>
        <dt>Training</dt>
        <dd>${status.trainer.device === null ? 'not used yet' : device(status.trainer.device)}${refusals(status.trainer.refused)}</dd>
        <dt>Index storage</dt>
        <dd>${status.info ? storeLine(status.info) : '–'}</dd>
      </dl>
    `,
    'device-step',
  );
}

function encoderLine({ encoder }: EngineStatus): TemplateResult | string {
  if (encoder.state === 'off') return 'not loaded by this page';
  if (encoder.state === 'idle') return 'loads with the first search';
  if (encoder.state === 'failed') return html`<span class="warn">${encoder.problem}</span>`;
  if (encoder.state === 'loading') {
    return encoder.load ? progressText(encoder.load) : 'loading';
  }
  return html`${encoder.space?.model} (${encoder.space?.dtype}) on ${device(encoder.device)}, self-test passed${refusals(encoder.refused)}`;
}

function remoteLine({ remote }: EngineStatus): TemplateResult | string {
  if (remote.state === 'off') return 'none';
  if (remote.state === 'away') return html`${remote.model}: <span class="warn">${remote.problem}</span>`;
  return `${remote.model ?? ''}${remote.state === 'ready' ? ', answering' : ''}`;
}

function scanLine(info: CollectionInfo | null): TemplateResult | string {
  if (!info?.vectors) return '–';
  const { scan, scanRefused, scanKept } = info.vectors;
  return html`${device(scan)}${scanKept ? ', as timed at an earlier visit' : ''}${refusals(scanRefused)}`;
}

function storeLine({ store, storeProblem }: CollectionInfo): string {
  if (storeProblem !== null) return `memory only: ${storeProblem}`;
  return store === 'indexeddb' ? 'IndexedDB' : 'memory only';
}

function refusals(refused: readonly Refusal[]): TemplateResult | typeof nothing {
  if (refused.length === 0) return nothing;
  return html`<ul class="refused">${refused.map((refusal) => html`<li>not on ${device(refusal.device)}: ${refusal.reason}</li>`)}</ul>`;
}
