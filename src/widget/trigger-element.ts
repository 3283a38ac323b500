// <era-search-trigger>: the button that opens an <era-search>, with the same keyboard shortcuts.

import {
  html,
  LitElement,
  nothing,
  type CSSResult,
  type PropertyDeclarations,
  type PropertyValues,
  type TemplateResult,
} from 'lit';
import { Environment } from './environment.ts';
import { EraSearch } from './search-element.ts';
import { ariaKeyShortcuts, isAppleSystem, shortcutLabel } from './shortcut.ts';
import { canBeSeen } from './surroundings.ts';
import { tokens } from './styles/tokens.ts';
import { trigger } from './styles/trigger.ts';
import { searchIcon } from './view/icons.ts';

/**
 * Button that opens the search.
 *
 * @tagname era-search-trigger
 * @slot icon - Replaces the magnifying glass.
 * @csspart button - The button.
 * @csspart label - Its text.
 * @csspart keys - The keyboard shortcuts.
 * @cssprop [--era-trigger-background=var(--era-surface)] - Background.
 * @cssprop [--era-trigger-border=var(--era-border)] - Border.
 * @cssprop [--era-trigger-radius=var(--era-radius-small)] - Corners.
 * @cssprop [--era-trigger-text=var(--era-text-muted)] - Text.
 */
export class EraSearchTrigger extends LitElement {
  static override styles: CSSResult[] = [tokens, trigger];

  static override properties: PropertyDeclarations = {
    for: { type: String },
    label: { type: String },
    theme: { type: String },
  };

  /** Id of the search it opens. Default: the first one of the page that is a dialog and can be seen. */
  declare for: string;
  /** Text of the button. Default: “Search” in the page's language. */
  declare label: string;
  /** Colour scheme, as for the search. */
  declare theme: 'auto' | 'light' | 'dark';
  readonly #around = new Environment(this);

  constructor() {
    super();
    this.for = '';
    this.label = '';
    this.theme = 'auto';
  }

  /** The search it opens; null where the page has none. */
  get target(): EraSearch | null {
    const all = [...document.querySelectorAll('era-search:not([mode="inline"])')];
    const found =
      this.for === '' ? ((all.length > 1 ? all.find(canBeSeen) : null) ?? all[0]) : document.getElementById(this.for);
    return found instanceof EraSearch ? found : null;
  }

  override focus(options?: FocusOptions): void {
    this.renderRoot.querySelector('button')?.focus(options);
  }

  protected override firstUpdated(): void {
    // The search may come after the trigger in the page.
    if (!this.target) void customElements.whenDefined('era-search').then(() => this.requestUpdate());
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has('theme')) this.#around.read();
  }

  protected override render(): TemplateResult {
    const { texts, scheme, direction, language } = this.#around;
    const shortcuts = this.target?.shortcuts ?? [];
    const [first] = shortcuts;
    return html`<button
      class="root trigger"
      part="button"
      type="button"
      lang=${language}
      dir=${direction}
      data-scheme=${scheme}
      aria-haspopup="dialog"
      aria-keyshortcuts=${shortcuts.length > 0 ? ariaKeyShortcuts(shortcuts) : nothing}
      @click=${(event: Event) => this.target?.open(event.currentTarget as HTMLElement)}
      @pointerenter=${() => this.target?.preload()}
      @focus=${() => this.target?.preload()}
    >
      <slot name="icon">${searchIcon}</slot>
      <span class="label" part="label">${this.label || texts.search}</span>
      ${first ? html`<kbd class="caps" part="keys" dir="ltr" aria-hidden="true">${shortcutLabel(first, isAppleSystem())}</kbd>` : nothing}
    </button>`;
  }
}
