// The icons, each on a grid of 24. They are decorative: words say the same.

import { svg, type TemplateResult } from 'lit';

function icon(paths: TemplateResult): TemplateResult {
  return svg`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round">${paths}</svg>`;
}

export const searchIcon: TemplateResult = icon(svg`<circle cx="11" cy="11" r="7" /><path d="m20 20-4-4" />`);
export const closeIcon: TemplateResult = icon(svg`<path d="M6 6l12 12M18 6 6 18" />`);
export const pageIcon: TemplateResult = icon(svg`<path d="M7 3h7l4 4v14H7zM14 3v5h4" />`);
export const sectionIcon: TemplateResult = icon(svg`<path d="M5 9h14M5 15h14M10 4 8 20M16 4l-2 16" />`);
export const clockIcon: TemplateResult = icon(svg`<circle cx="12" cy="12" r="8" /><path d="M12 8v4l3 2" />`);
export const filterIcon: TemplateResult = icon(svg`<path d="M4 6h16M7 12h10M10 18h4" />`);
export const enterIcon: TemplateResult = icon(svg`<path d="M19 6v6H6M10 8l-4 4 4 4" />`);
