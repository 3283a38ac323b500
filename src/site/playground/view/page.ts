// The page from top to bottom: the site, then asking, labelling, learning.

import { html, nothing, type TemplateResult } from 'lit';
import type { Actions } from '../actions.ts';
import type { State } from '../state.ts';
import { askSection } from './ask.ts';
import { labelSection } from './label.ts';
import { learnSection } from './learn.ts';
import { siteHeader } from './site-header.ts';

export function page(state: State, actions: Actions): TemplateResult {
  const { problem } = state;
  return html`
    ${siteHeader(state, actions)}
    ${problem
      ? html`<div class="problem" role="alert">
          <p><strong>${problem.message}</strong> ${problem.hint} <code>${problem.code}</code></p>
          <button type="button" @click=${() => actions.dismissProblem()}>Dismiss</button>
        </div>`
      : nothing}
    <main>${askSection(state, actions)} ${labelSection(state, actions)} ${learnSection(state, actions)}</main>
    <p class="visually-hidden" role="status">${state.notice}</p>
  `;
}
