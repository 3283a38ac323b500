// What is running, with its progress and a way to stop it.

import { html, type TemplateResult } from 'lit';
import type { Kind, State } from '../state.ts';

/** The progress of the running tasks of some kinds, each with its cancel button. */
export function progressOf(state: State, kinds: readonly Kind[]): TemplateResult[] {
  return state.tasks
    .filter(({ what }) => kinds.includes(what))
    .map(
      (task) => html`
        <div class="progress">
          <label>
            <span>${task.text}</span>
            ${task.done === null ? html`<progress></progress>` : html`<progress max="1" .value=${task.done}></progress>`}
          </label>
          <button type="button" @click=${() => task.controller.abort()}>Cancel</button>
        </div>
      `,
    );
}
