// Layout of the dialog, the field and the footer; on narrow screens the dialog fills the screen.

import { css, type CSSResult } from 'lit';

export const frame: CSSResult = css`
  :host {
    display: contents;
  }
  :host([mode='inline']) {
    display: block;
  }
  :host([hidden]) {
    display: none;
  }
  dialog {
    background: transparent;
    border: 0;
    inline-size: min(var(--era-dialog-width, 42em), 100vw - 2em);
    inset: 0;
    margin: var(--era-dialog-top, min(12vh, 6em)) auto auto;
    max-block-size: none;
    max-inline-size: none;
    overflow: visible;
    padding: 0;
  }
  dialog::backdrop {
    background: var(--era-backdrop, rgb(12 16 26 / 50%));
    backdrop-filter: blur(var(--era-backdrop-blur, 2px));
  }
  .panel {
    background: var(--_background);
    border: 1px solid var(--_border);
    border-radius: var(--_radius);
    display: flex;
    flex-direction: column;
    min-block-size: 0;
  }
  dialog .panel {
    box-shadow: var(--_shadow);
    max-block-size: min(var(--era-dialog-height, 40em), var(--_visible-height, 100dvh) - 2 * min(12vh, 6em));
    overflow: hidden;
  }
  .search {
    align-items: center;
    border-block-end: 1px solid var(--_border);
    color: var(--_muted);
    display: flex;
    flex: none;
    gap: 0.75em;
    min-block-size: var(--_input-height);
    padding-inline: 1.125em 0.5em;
  }
  .panel.empty .search {
    border-block-end-color: transparent;
  }
  .panel:has(.field:focus-visible) {
    border-color: var(--_focus);
    outline: 1px solid var(--_focus);
  }
  .field {
    appearance: none;
    background: none;
    border: 0;
    color: var(--_text);
    flex: 1;
    align-self: stretch;
    font-size: max(16px, 1.0625em);
    min-inline-size: 0;
    outline: 0;
    padding: 0;
    text-align: inherit;
  }
  .field::placeholder {
    color: var(--_muted);
    opacity: 1;
  }
  .round {
    align-items: center;
    border-radius: var(--_radius-small);
    color: var(--_muted);
    display: flex;
    flex: none;
    justify-content: center;
    min-inline-size: max(2.75em, 44px);
    padding: 0;
  }
  .round:hover,
  .quiet:hover {
    background: var(--_surface);
    color: var(--_text);
  }
  .escape {
    padding-inline: 0.5em;
  }
  .escape .word {
    clip-path: inset(50%);
    position: absolute;
  }
  .bar {
    align-items: center;
    border-block-end: 1px solid var(--_border);
    color: var(--_muted);
    display: flex;
    flex: none;
    flex-wrap: wrap;
    gap: 0 1em;
    justify-content: space-between;
    min-block-size: max(2.75em, 44px);
    padding-inline: 1.125em;
  }
  .bar > *,
  .foot > * {
    font-size: 0.875em;
  }
  .foot kbd {
    font-size: inherit;
  }
  .bar .quiet {
    margin-inline-start: -0.5em;
  }
  .count {
    margin-inline-start: auto;
  }
  .corrected,
  .doubt {
    flex-basis: 100%;
    overflow-wrap: anywhere;
    padding-block-end: 0.5em;
  }
  .bar p,
  .state p {
    margin: 0;
  }
  .foot {
    align-items: center;
    background: var(--_surface);
    border-block-start: 1px solid var(--_border);
    color: var(--_muted);
    display: flex;
    flex: none;
    flex-wrap: wrap;
    gap: 0.25em 1.25em;
    justify-content: space-between;
    padding: 0.5em 1.125em;
  }
  :host([mode='inline']) .foot {
    border-end-end-radius: calc(var(--_radius) - 1px);
    border-end-start-radius: calc(var(--_radius) - 1px);
  }
  .keys {
    display: flex;
    flex-wrap: wrap;
    gap: 0.25em 1em;
  }
  .keys span {
    white-space: nowrap;
  }
  @media (prefers-reduced-motion: no-preference) {
    dialog[open] .panel {
      animation: rise var(--_motion) ease-out;
    }
    dialog[open]::backdrop {
      animation: appear var(--_motion) ease-out;
    }
  }
  @keyframes rise {
    from {
      opacity: 0;
      transform: translateY(-8px) scale(0.99);
    }
  }
  @keyframes appear {
    from {
      opacity: 0;
    }
  }
  @media (max-width: 40rem) {
    dialog {
      block-size: var(--_visible-height, 100dvh);
      inline-size: 100%;
      margin: 0;
    }
    dialog .panel {
      block-size: 100%;
      border: 0;
      border-radius: 0;
      max-block-size: none;
      padding-block: env(safe-area-inset-top) env(safe-area-inset-bottom);
    }
    dialog .panel:has(.field:focus-visible) {
      outline: 0;
    }
    dialog .panel:has(.field:focus-visible) .search {
      border-block-end-color: var(--_focus);
    }
    .search {
      padding-inline: 0.875em 0.25em;
    }
  }
  @media (hover: none), (pointer: coarse), (max-width: 40rem) {
    .keys,
    .enter,
    .escape kbd {
      display: none !important;
    }
    .escape .word {
      clip-path: none;
      position: static;
    }
  }
  @media (forced-colors: active) {
    .panel:has(.field:focus-visible) {
      outline: 2px solid Highlight;
    }
  }
`;
