// Design tokens: every --era-* property with its default, and the page's scheme. Elements use the --_ names only. Every
// size is in em of one font size, which starts from the visitor's own: a theme may have any root font size. Lines begin
// at the side where the interface does, also those of a text that runs the other way.

import { css, type CSSResult } from 'lit';

export const tokens: CSSResult = css`
  :host {
    font-size: medium !important;
  }
  .root {
    color-scheme: light dark;
    --_text: var(--era-text, light-dark(#1b1f24, #e8eaee));
    --_muted: var(--era-text-muted, light-dark(#57606a, #a3adb8));
    --_background: var(--era-background, light-dark(#ffffff, #171a20));
    --_surface: var(--era-surface, light-dark(#f4f5f8, #20252d));
    --_border: var(--era-border, light-dark(#dadee5, #363d48));
    --_accent: var(--era-accent, light-dark(#3451d1, #9db2ff));
    --_accent-text: var(--era-accent-text, light-dark(#ffffff, #10131a));
    --_active: var(--era-active-background, light-dark(#eaeefe, #2a3247));
    --_mark: var(--era-mark-background, light-dark(#ffefb0, #5a4a10));
    --_mark-text: var(--era-mark-text, var(--_text));
    --_focus: var(--era-focus, var(--_accent));
    --_error: var(--era-error, light-dark(#b3261e, #ffa79c));
    --_radius: var(--era-radius, 12px);
    --_radius-small: var(--era-radius-small, 8px);
    --_shadow: var(--era-shadow, 0 24px 64px rgb(10 15 30 / 28%), 0 2px 8px rgb(10 15 30 / 12%));
    --_input-height: var(--era-input-height, 3.5em);
    --_row-padding: var(--era-row-padding, 0.75em);
    --_motion: var(--era-motion, 140ms);
    color: var(--_text);
    font-family: var(--era-font, inherit);
    font-size: max(14px, var(--era-font-size, 1em));
    font-style: normal;
    font-weight: 400;
    letter-spacing: normal;
    line-height: 1.5;
    text-align: left;
    text-transform: none;
    white-space: normal;
    word-spacing: normal;
  }
  .root[dir='rtl'] {
    text-align: right;
  }
  .root[data-scheme='light'] {
    color-scheme: light;
  }
  .root[data-scheme='dark'] {
    color-scheme: dark;
  }
  .root *,
  .root *::before {
    box-sizing: border-box;
  }
  [hidden] {
    display: none !important;
  }
  button,
  input {
    color: inherit;
    font: inherit;
    letter-spacing: inherit;
    margin: 0;
  }
  button {
    background: none;
    border: 0;
    cursor: pointer;
    min-block-size: max(2.75em, 44px);
    touch-action: manipulation;
  }
  :focus-visible {
    outline: 2px solid var(--_focus);
    outline-offset: 2px;
  }
  .icon {
    block-size: 1.25em;
    display: block;
    flex: none;
    inline-size: 1.25em;
  }
  kbd {
    background: var(--_background);
    border: 1px solid var(--_border);
    border-radius: 5px;
    color: var(--_muted);
    font: inherit;
    font-size: 0.875em;
    line-height: 1.5;
    padding: 0 0.4em;
    white-space: nowrap;
  }
  .unseen {
    block-size: 1px;
    clip-path: inset(50%);
    inline-size: 1px;
    overflow: hidden;
    position: absolute;
    white-space: nowrap;
  }
`;
