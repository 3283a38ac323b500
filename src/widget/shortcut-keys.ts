// Listens to the page's keys for the shortcuts of a search, and never takes a key from an editable element. A Lit
// controller.

import type { ReactiveController } from 'lit';
import { isForEditing } from './editable.ts';
import { isComposingKey } from './field-keys.ts';
import { canBeSeen } from './surroundings.ts';
import { matchesShortcut, type KeyPress, type Shortcut } from './shortcut.ts';

export interface ShortcutHost extends HTMLElement {
  readonly shortcuts: readonly Shortcut[];
  /** Whether it is shown as a dialog. */
  readonly isShowing: boolean;
  open: () => void;
  close: () => void;
}

export class ShortcutKeys implements ReactiveController {
  readonly #host: ShortcutHost;

  constructor(host: ShortcutHost) {
    this.#host = host;
  }

  /**
   * Listens at the root element: after every part of the page, which may use the key itself, and before listeners of the
   * document and the window, where Sphinx and other generators take `/` for a field of their own.
   */
  hostConnected(): void {
    document.documentElement.addEventListener('keydown', this.#pressed);
  }

  hostDisconnected(): void {
    document.documentElement.removeEventListener('keydown', this.#pressed);
  }

  /**
   * In an open dialog a combination with Ctrl or Cmd closes it. Of several searches the first one that can be seen
   * handles the key; where there is none, the key is the page's.
   */
  readonly #pressed = (event: KeyboardEvent): void => {
    if (!(event instanceof KeyboardEvent)) return; // autofill of Chromium sends an event without a key
    if (event.defaultPrevented || isComposingKey(event) || event.repeat) return;
    const shortcut = this.#host.shortcuts.find((one) => matchesShortcut(one, pressOf(event)));
    if (!shortcut) return;
    const isOurs = this.#host.isShowing && event.composedPath().includes(this.#host);
    if (isForEditing(event) && !(isOurs && (shortcut.ctrl || shortcut.meta))) return;
    if (!isOurs && !canBeSeen(this.#host)) return;
    event.preventDefault();
    event.stopPropagation(); // Sphinx does not ask whether the key was used, and would move the focus
    if (isOurs) this.#host.close();
    else this.#host.open();
  };
}

function pressOf(event: KeyboardEvent): KeyPress {
  const { key, code, ctrlKey, metaKey, altKey, shiftKey } = event;
  return { key, code, ctrlKey, metaKey, altKey, shiftKey, altGraph: event.getModifierState('AltGraph') };
}
