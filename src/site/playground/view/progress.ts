// What is running, with its progress and, where it takes long, a way to stop it.

import { html, nothing, type TemplateResult } from 'lit';
import type { Kind, State } from '../state.ts';

/** The running tasks of some kinds; those that take long can be cancelled. */
export function progressOf({ tasks }: State, kinds: readonly Kind[]): TemplateResult[] {
  return tasks
    .filter(({ what }) => kinds.includes(what))
    .map(
      ({ what, text, done, controller }) => html`
        <div class="progress">
          <label>${text} ${done === null ? html`<progress></progress>` : html`<progress max="1" .value=${done}></progress>`}</label>
          ${what === 'open' ? nothing : html`<button type="button" @click=${() => controller.abort()}>Cancel</button>`}
        </div>
      `,
    );
}
