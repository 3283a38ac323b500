// Styles of answers, filters, recent searches and the status line.

import { css, type CSSResult } from 'lit';

export const answers: CSSResult = css`
  .results {
    flex: 1 1 auto;
    min-block-size: 0;
    overscroll-behavior: contain;
    padding: 0.5em;
    scroll-padding-block: 0.5em;
  }
  dialog .results {
    overflow-y: auto;
  }
  .page + .page {
    border-block-start: 1px solid var(--_border);
    margin-block-start: 0.375em;
    padding-block-start: 0.375em;
  }
  .option {
    border-radius: var(--_radius-small);
    color: inherit;
    display: flex;
    gap: 0.75em;
    min-block-size: max(2.75em, 44px);
    padding: var(--_row-padding) 0.75em;
    scroll-margin-block: 0.5em;
    text-decoration: none;
  }
  .section {
    margin-inline-start: 1.25em;
    position: relative;
    padding-block: calc(var(--_row-padding) * 0.67);
  }
  .section::before {
    border-inline-start: 1px solid var(--_border);
    content: '';
    inset-block: 0;
    inset-inline-start: -1px;
    position: absolute;
  }
  .section[aria-selected='true']::before,
  .section:hover::before {
    border-color: transparent;
  }
  .option:hover {
    background: var(--_surface);
  }
  .option[aria-selected='true'] {
    background: var(--_active);
    box-shadow: inset 0 0 0 1px var(--_focus);
  }
  .kind {
    color: var(--_muted);
    padding-block-start: 0.125em;
  }
  .section .kind {
    font-size: 0.875em;
  }
  [aria-selected='true'] .kind,
  [aria-selected='true'] .enter {
    color: var(--_accent);
  }
  .words {
    flex: 1;
    min-inline-size: 0;
    overflow-wrap: anywhere;
  }
  .title,
  .heading,
  .address,
  .snippet {
    display: block;
  }
  .title {
    font-weight: 600;
  }
  .heading {
    color: var(--_text);
    font-size: 0.9375em;
    font-weight: 500;
  }
  .of {
    color: var(--_muted);
  }
  .address {
    color: var(--_muted);
    font-size: 0.875em;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .snippet {
    color: var(--_muted);
    display: -webkit-box;
    font-size: 0.875em;
    margin-block-start: 0.125em;
    overflow: hidden;
    -webkit-box-orient: vertical;
    -webkit-line-clamp: 3;
    white-space: pre-wrap;
  }
  mark {
    background: var(--_mark);
    border-radius: 3px;
    color: var(--_mark-text);
    padding-inline: 0.1em;
  }
  .enter {
    align-self: center;
    visibility: hidden;
  }
  [aria-selected='true'] .enter {
    visibility: visible;
  }
  .message {
    flex: 1 1 auto;
    min-block-size: 0;
    padding: 2.5em 1.5em;
    text-align: center;
  }
  .headline {
    font-size: 1.0625em;
    font-weight: 600;
    margin: 0 0 0.375em;
    overflow-wrap: anywhere;
  }
  .message p:not(.headline) {
    color: var(--_muted);
    margin: 0;
  }
  .failed .headline {
    color: var(--_error);
  }
  .message .hint {
    font-size: 0.875em;
  }
  .solid {
    background: var(--_accent);
    border-radius: var(--_radius-small);
    color: var(--_accent-text);
    font-weight: 600;
    margin-block-start: 1em;
    padding-inline: 1.25em;
  }
  .quiet {
    align-items: center;
    border-radius: var(--_radius-small);
    display: inline-flex;
    gap: 0.5em;
    padding-inline: 0.5em;
  }
  .badge {
    background: var(--_accent);
    border-radius: 1em;
    color: var(--_accent-text);
    min-inline-size: 1.5em;
    padding-inline: 0.4em;
    text-align: center;
  }
  .filters {
    align-items: start;
    border-block-end: 1px solid var(--_border);
    display: flex;
    flex: none;
    flex-wrap: wrap;
    gap: 0.5em 2em;
    max-block-size: 14em;
    overflow-y: auto;
    padding: 0.75em 1.125em;
  }
  .filter {
    border: 0;
    margin: 0;
    min-inline-size: 9em;
    padding: 0;
  }
  .filter legend {
    color: var(--_muted);
    font-size: 0.875em;
    font-weight: 600;
    padding: 0;
    text-transform: capitalize;
  }
  .choice {
    align-items: center;
    cursor: pointer;
    display: flex;
    font-size: 0.9375em;
    gap: 0.5em;
    min-block-size: 2.4em;
  }
  .choice input {
    accent-color: var(--_accent);
    block-size: 1.2em;
    inline-size: 1.2em;
  }
  .pages {
    color: var(--_muted);
    font-size: 0.9375em;
    font-variant-numeric: tabular-nums;
    margin-inline-start: auto;
  }
  .recent {
    flex: 1 1 auto;
    min-block-size: 0;
    overflow-y: auto;
    padding: 0.75em 0.5em;
  }
  .recent-title {
    color: var(--_muted);
    font-size: 0.875em;
    font-weight: 600;
    margin: 0;
    padding: 0 0.857em 0.25em;
  }
  .recent ul {
    list-style: none;
    margin: 0;
    padding: 0;
  }
  .recent li {
    border-radius: var(--_radius-small);
    display: flex;
  }
  .recent li:hover {
    background: var(--_surface);
  }
  .again {
    align-items: center;
    border-radius: var(--_radius-small);
    display: flex;
    flex: 1;
    gap: 0.75em;
    min-inline-size: 0;
    overflow-wrap: anywhere;
    padding-inline: 0.75em;
    text-align: start;
  }
  .again .icon {
    color: var(--_muted);
  }
  .state {
    align-items: center;
    display: flex;
    flex-wrap: wrap;
    flex: 1 1 auto;
    gap: 0 1.25em;
    justify-content: space-between;
  }
  .offer {
    color: var(--_accent);
    padding: 0;
    text-align: start;
    text-decoration: underline;
    text-underline-offset: 2px;
  }
  .offer small {
    color: var(--_muted);
    font-size: inherit;
    text-decoration: none;
  }
  .loading {
    align-items: center;
    display: inline-flex;
    flex-wrap: wrap;
    font-variant-numeric: tabular-nums;
    gap: 0.25em 0.5em;
  }
  progress {
    accent-color: var(--_accent);
    block-size: 0.375em;
    inline-size: 8em;
  }
  progress.thin {
    inline-size: 3em;
  }
  .skeleton {
    padding: 1em 1.25em;
  }
  .bone {
    background: var(--_surface);
    border-radius: var(--_radius-small);
    block-size: 3.25em;
    margin-block-end: 0.75em;
  }
  @media (prefers-reduced-motion: no-preference) {
    .bone {
      animation: pulse 1.2s ease-in-out infinite alternate;
    }
  }
  @keyframes pulse {
    to {
      opacity: 0.45;
    }
  }
  @media (pointer: coarse) {
    .choice {
      min-block-size: max(2.75em, 44px);
    }
  }
  @media (forced-colors: active) {
    .option[aria-selected='true'] {
      outline: 2px solid Highlight;
      outline-offset: -2px;
    }
    .bone {
      border: 1px solid GrayText;
    }
    .badge,
    .solid {
      border: 1px solid ButtonText;
    }
  }
`;
