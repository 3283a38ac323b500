// The progress of any long work: one line, one bar, a button to stop it.

import { html, nothing, type TemplateResult } from 'lit';
import type { OnProgress, Progress } from '../../index.ts';
import { megabytes, share } from '../numbers.ts';
import type { Kind, Task } from '../state.ts';
import type { Show } from '../tasks.ts';

const PHASES: Readonly<Record<Progress['phase'], string>> = {
  download: 'Loading the index',
  fetch: 'Loading the small model',
  compile: 'Compiling the small model',
  check: 'Checking the small model',
  pages: 'Reading pages',
  cut: 'Cutting pages',
  embed: 'Embedding',
  align: 'Aligning',
  adapt: 'Learning',
  evaluate: 'Measuring',
  curve: 'Drawing the curve',
};
const MODELS = {
  static: 'by the collection’s table',
  local: 'by the small model',
  remote: 'by the query model',
} as const;

export function progressText({ phase, unit, done, total, secondsLeft, model, path }: Progress): string {
  if (total === null && done === 0) return PHASES[phase];
  const number = (value: number): string => (unit === 'bytes' ? megabytes(value) : value.toLocaleString('en'));
  const counted = total === null ? number(done) : `${number(done)} of ${number(total)}`;
  const how = model ? ` ${MODELS[model]}` : path ? `, ${path} path` : '';
  return `${PHASES[phase]}${how}: ${counted}${unit === 'bytes' ? '' : ` ${unit}`}${secondsLeft === null || secondsLeft < 1 ? '' : `, ${duration(secondsLeft)} left`}`;
}

/** Shows the progress of a call. @param before prefix of the line, such as the part of a longer task */
export function follow(show: Show, before = ''): OnProgress {
  return (progress) => show(`${before}${progressText(progress)}`, share(progress.done, progress.total ?? 0));
}

/** The running tasks of some kinds. @param endless kinds that cannot be stopped */
export function progressBars(
  tasks: readonly Task[],
  kinds: readonly Kind[],
  endless: readonly Kind[] = [],
): TemplateResult[] {
  return tasks
    .filter(({ what }) => kinds.includes(what))
    .map(
      ({ what, text, done, controller }) => html`
        <div class="progress">
          <label>
            <span>${text}</span>
            ${done === null ? html`<progress></progress>` : html`<progress max="1" .value=${done}></progress>`}
          </label>
          ${endless.includes(what) ? nothing : html`<button type="button" @click=${() => controller.abort()}>Cancel</button>`}
        </div>
      `,
    );
}

function duration(seconds: number): string {
  return seconds < 90 ? `${Math.ceil(seconds)} s` : `${Math.ceil(seconds / 60)} min`;
}
