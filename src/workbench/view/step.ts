// A numbered part of the page.

import { html, type TemplateResult } from 'lit';

/** @param id the heading's id is `step-…`; it receives the focus when the focused element was removed (focus.ts) */
export function step(
  number: number,
  id: string,
  title: string,
  content: TemplateResult,
  testId: string = id,
): TemplateResult {
  return html`
    <section aria-labelledby=${`step-${id}`} data-testid=${testId}>
      <h2 id=${`step-${id}`} tabindex="-1"><span class="step">${number}</span> ${title}</h2>
      ${content}
    </section>
  `;
}
