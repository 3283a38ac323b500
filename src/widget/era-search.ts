// The one script of a site: defines <era-search> and <era-search-trigger>.

import { html, LitElement } from 'lit';
import { Engine } from '../index.ts';

class EraSearch extends LitElement {
  override render(): unknown {
    return html`<p>${new Engine().status.path} ${import.meta.url}</p>`;
  }
}
customElements.define('era-search', EraSearch);
