// Watches the page's language, colour scheme and connection for an element, and updates it when they change. A Lit
// controller.

import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { nearestLanguage, surroundingScheme, type Scheme } from './surroundings.ts';
import { directionOf, loadTexts, textLanguage } from './texts.ts';
import type { Texts } from './interface-texts.ts';
import { en } from './texts/en.ts';

export interface EnvironmentHost extends ReactiveControllerHost, HTMLElement {
  readonly theme: 'auto' | 'light' | 'dark';
  /** `modal`: it is drawn above the page. */
  readonly mode?: 'modal' | 'inline';
}

/** Style sheets of the page are switched by these. */
const SHEETS: MutationObserverInit = {
  childList: true,
  subtree: true,
  attributes: true,
  attributeFilter: ['media', 'disabled'],
};

export class Environment implements ReactiveController {
  texts: Texts = en;
  /** Language of the interface texts: one of the available ones. */
  language = 'en';
  direction: 'ltr' | 'rtl' = 'ltr';
  scheme: Scheme = 'system';
  readonly #host: EnvironmentHost;
  readonly #observer = new MutationObserver(() => this.read());
  readonly #preference = matchMedia('(prefers-color-scheme: dark)');

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
      this.#observer.observe(element, { attributes: true });
    this.#observer.observe(document.head, SHEETS);
    this.#preference.addEventListener('change', this.#repainted);
    document.addEventListener('load', this.#loaded, true);
    document.addEventListener('transitionend', this.#faded);
    addEventListener('online', this.#changed);
    addEventListener('offline', this.#changed);
    this.read();
  }

  hostDisconnected(): void {
    this.#observer.disconnect();
    this.#preference.removeEventListener('change', this.#repainted);
    document.removeEventListener('load', this.#loaded, true);
    document.removeEventListener('transitionend', this.#faded);
    removeEventListener('online', this.#changed);
    removeEventListener('offline', this.#changed);
  }

  /** Reads all values again, and draws the host anew where one has changed: pages set styles of their root often. */
  read(): void {
    const { theme, mode } = this.#host;
    const before = [this.scheme, this.direction, this.language].join();
    this.scheme = theme === 'auto' ? surroundingScheme(this.#host, mode === 'modal') : theme;
    const tag = this.pageLanguage;
    this.direction = directionOf(tag);
    const language = textLanguage(tag);
    if (language !== this.language) {
      this.language = language;
      void loadTexts(language).then((texts) => {
        if (this.language !== language) return; // changed again meanwhile
        this.texts = texts;
        this.#changed();
      });
    }
    if ([this.scheme, this.direction, this.language].join() !== before) this.#changed();
  }

  readonly #repainted = (): void => this.read();

  readonly #loaded = ({ target }: Event): void => {
    if (target instanceof HTMLLinkElement) this.read();
  };

  /** A background around the element has faded into another, which its computed value shows at the end only. */
  readonly #faded = ({ propertyName, target }: TransitionEvent): void => {
    const isAround = target === document.body || (target as Element).contains(this.#host);
    if (isAround && /^(?:background|color$)/.test(propertyName)) this.read();
  };

  readonly #changed = (): void => this.#host.requestUpdate();
}
