// Styles of the button that opens the search.

import { css, type CSSResult } from 'lit';

export const trigger: CSSResult = css`
  :host {
    display: inline-block;
    vertical-align: middle;
  }
  :host([hidden]) {
    display: none;
  }
  .trigger {
    align-items: center;
    background: var(--era-trigger-background, var(--_surface));
    border: 1px solid var(--era-trigger-border, var(--_border));
    border-radius: var(--era-trigger-radius, var(--_radius-small));
    color: var(--era-trigger-text, var(--_muted));
    display: inline-flex;
    gap: 0.625em;
    min-inline-size: max(2.75em, 44px);
    padding-inline: 0.75em;
  }
  .trigger:hover {
    border-color: var(--_muted);
    color: var(--_text);
  }
  .label {
    font-size: 0.9375em;
    margin-inline-end: 0.75em;
  }
  @media (hover: none), (pointer: coarse), (max-width: 40rem) {
    .caps {
      display: none;
    }
    .label {
      margin-inline-end: 0;
    }
  }
`;
