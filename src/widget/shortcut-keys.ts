// Listens to the page's keys for the shortcuts of a search, and never takes a key from an editable element. A Lit
// controller.

import type { ReactiveController } from 'lit';
import { isForEditing } from './editable.ts';
import { canBeSeen } from './surroundings.ts';
import { matchesShortcut, type Shortcut } from './shortcut.ts';

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

  hostConnected(): void {
    addEventListener('keydown', this.#pressed);
  }

  hostDisconnected(): void {
    removeEventListener('keydown', this.#pressed);
  }

  /**
   * In an open dialog a combination with Ctrl or Cmd closes it. Of several searches the first one that can be seen
   * handles the key; where there is none, the key is the page's.
   */
  readonly #pressed = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || event.isComposing || event.repeat) return;
    const shortcut = this.#host.shortcuts.find((one) => matchesShortcut(one, event));
    if (!shortcut) return;
    const isOurs = this.#host.isShowing && event.composedPath().includes(this.#host);
    if (isForEditing(event) && !(isOurs && (shortcut.ctrl || shortcut.meta))) return;
    if (!isOurs && !canBeSeen(this.#host)) return;
    event.preventDefault();
    if (isOurs) this.#host.close();
    else this.#host.open();
  };
}
