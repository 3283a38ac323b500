// Readings above a word (ruby) follow it in brackets, as where a browser cannot set them: the word is not divided.

import { isElement, type HtmlElement } from './html-tree.ts';

export class RubyReader {
  #depth = 0;
  #readings = '';

  enter(name: string): void {
    if (name === 'rt' || name === 'rtc') this.#depth++;
  }

  /** @returns whether the text is a reading, which is kept */
  text(data: string): boolean {
    if (this.#depth === 0) return false;
    this.#readings += data.trim();
    return true;
  }

  /** @returns the readings of the word that ends with this element; empty if none does */
  leave(element: HtmlElement): string {
    if (element.name === 'rt' || element.name === 'rtc') this.#depth--;
    if (element.name !== 'ruby' || (isElement(element.next) && element.next.name === 'ruby')) return '';
    const readings = this.#readings;
    this.#readings = '';
    return readings === '' ? '' : ` (${readings})`;
  }
}
