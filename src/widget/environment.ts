// Watches the page's language, colour scheme and connection for an element, and updates it when they change. A Lit
// controller.

import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { nearestLanguage, surroundingScheme, WATCHED, type Scheme } from './surroundings.ts';
import { directionOf, loadTexts, textLanguage } from './texts.ts';
import type { Texts } from './interface-texts.ts';
import { en } from './texts/en.ts';

export interface EnvironmentHost extends ReactiveControllerHost, HTMLElement {
  readonly theme: 'auto' | 'light' | 'dark';
}

export class Environment implements ReactiveController {
  texts: Texts = en;
  /** Language of the interface texts: one of the available ones. */
  language = 'en';
  direction: 'ltr' | 'rtl' = 'ltr';
  scheme: Scheme = 'system';
  readonly #host: EnvironmentHost;
  readonly #observer = new MutationObserver(() => this.read());

  constructor(host: EnvironmentHost) {
    this.#host = host;
    host.addController(this);
  }

  /** BCP 47 tag of the page around the element; empty where there is none. */
  get pageLanguage(): string {
    return nearestLanguage(this.#host);
  }

  hostConnected(): void {
    for (const element of [document.documentElement, document.body])
      this.#observer.observe(element, { attributes: true, attributeFilter: [...WATCHED] });
    addEventListener('online', this.#changed);
    addEventListener('offline', this.#changed);
    this.read();
  }

  hostDisconnected(): void {
    this.#observer.disconnect();
    removeEventListener('online', this.#changed);
    removeEventListener('offline', this.#changed);
  }

  /** Reads all values again. */
  read(): void {
    const { theme } = this.#host;
    this.scheme = theme === 'auto' ? surroundingScheme(this.#host) : theme;
    const tag = this.pageLanguage;
    this.direction = directionOf(tag.toLowerCase().split('-')[0] ?? '');
    const language = textLanguage(tag);
    if (language !== this.language) {
      this.language = language;
      void loadTexts(language).then((texts) => {
        if (this.language !== language) return; // changed again meanwhile
        this.texts = texts;
        this.#changed();
      });
    }
    this.#changed();
  }

  readonly #changed = (): void => this.#host.requestUpdate();
}
