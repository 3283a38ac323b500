// The whole page, in both faces: an introduction, then numbered steps.

import { html, nothing, type TemplateResult } from 'lit';
import type { Actions } from '../actions.ts';
import type { State } from '../state.ts';
import { devicesStep } from './devices.ts';
import { labelsStep } from './labels.ts';
import { searchStep } from './search.ts';
import { trainStep } from './train.ts';

/** The parts of one face. */
export interface FaceParts {
  readonly header: TemplateResult;
  /** Steps before the common ones. */
  readonly first: readonly ((number: number) => TemplateResult)[];
  /** Steps after the question. */
  readonly own: readonly ((number: number) => TemplateResult)[];
  readonly footer: TemplateResult | typeof nothing;
}

export function page(state: State, actions: Actions, { header, first, own, footer }: FaceParts): TemplateResult {
  const number = first.length;
  const others = number + own.length;
  return html`
    ${header} ${problemBox(state, actions)} ${ways(first.length > 0, own.length > 0)}
    <main>
      ${first.map((each, i) => each(i + 1))} ${searchStep(number + 1, state, actions)} ${own.map((each, i) => each(number + 2 + i))} ${labelsStep(others + 2, state, actions)}
      ${trainStep(others + 3, state, actions)} ${devicesStep(others + 4, state)}
    </main>
    ${footer}
    <div class="visually-hidden" role="status" aria-live="polite">${state.notice}</div>
  `;
}

/** Links to the steps: between the question and the next step there may be a hundred results, with two buttons each. */
function ways(hasCorpora: boolean, isTuned: boolean): TemplateResult {
  const links: [id: string, title: string][] = [
    ...(hasCorpora ? [['corpus', 'Passages'] as [string, string]] : []),
    ['search', 'Ask'],
    ...(isTuned ? [['tune', 'Synonyms and pins'] as [string, string]] : []),
    ['labels', 'Your labels'],
    ['train', 'Let it learn'],
    ['devices', 'What runs where'],
  ];
  return html`<nav class="ways" aria-label="Steps">${links.map(([id, title]) => html`<a href=${`#step-${id}`}>${title}</a>`)}</nav>`;
}

function problemBox({ problem }: State, actions: Actions): TemplateResult | typeof nothing {
  if (!problem) return nothing;
  return html`
    <div class="problem" role="alert">
      <p><strong>${problem.message}</strong> ${problem.hint} <code>${problem.code}</code></p>
      <button type="button" @click=${() => actions.dismissProblem()}>Dismiss</button>
    </div>
  `;
}
