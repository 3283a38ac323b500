// <era-search>: connects its parts. search-run.ts asks and merges answers; view/ and styles/ draw.

import { html, type CSSResult, type PropertyValues, type TemplateResult } from 'lit';
import type { Answer } from '../index.ts';
import { Announcer } from './announcer.ts';
import { Environment } from './environment.ts';
import { emit } from './events.ts';
import { followKey, type KeyActions } from './field-keys.ts';
import { focusedElement, Modal } from './modal.ts';
import { OptionCursor } from './option-cursor.ts';
import { RecentSearches } from './recent-searches.ts';
import { SearchAttributes } from './search-attributes.ts';
import { SearchRun } from './search-run.ts';
import { nameList } from './settings.ts';
import { isAppleSystem, parseShortcuts, type Shortcut } from './shortcut.ts';
import { ShortcutKeys } from './shortcut-keys.ts';
import { SiteLink } from './site-link.ts';
import { answers } from './styles/answers.ts';
import { frame } from './styles/frame.ts';
import { tokens } from './styles/tokens.ts';
import { followInPage } from './follow-link.ts';
import { canBeSeen } from './surroundings.ts';
import { countText, fill } from './texts.ts';
import type { FiltersView } from './view/filters.ts';
import { bestOption, optionGroups, type Option, type OptionGroup } from './view/options.ts';
import { panel, type PanelView } from './view/panel.ts';

/** `era-search index` puts this script into the folder of the index. */
const SCRIPT = import.meta.url;
const OF_SITE = [
  'bundle',
  'extension',
  'queryUrl',
  'queryModel',
  'queryPrompt',
  'queryDimensions',
  'queryOptions',
] as const;

/** @tagname era-search */
export class EraSearch extends SearchAttributes {
  static override styles: CSSResult[] = [tokens, frame, answers];

  readonly #around = new Environment(this);
  readonly #announcer = new Announcer(() => this.requestUpdate());
  readonly #modal = new Modal(() => this.close());
  readonly #cursor = new OptionCursor();
  readonly #site = new SiteLink({
    attributes: this,
    pageLanguage: () => this.#around.pageLanguage,
    changed: () => this.requestUpdate(),
    refined: () => void this.#run.refine(),
    ready: (site) => emit(this, 'era-search:ready', { site }),
  });
  readonly #run = new SearchRun({
    ask: async (text, options) => {
      const site = await this.#site.open();
      const filters = { ...this.#site.defaultFilters, ...options.filters };
      return site.search(text, { ...this.#site.options, ...options, filters });
    },
    defaultFilters: () => this.#site.defaultFilters,
    isTouched: () => this.#isTouched,
    changed: () => this.requestUpdate(),
    answered: (answer, isFirst) => this.#answered(answer, isFirst),
    failed: (error) => {
      console.warn(`era-search: ${error.code}: ${error.message} ${error.hint}`); // for developers: the panel says it plainly
      emit(this, 'era-search:error', { error });
    },
  });
  #recent = new RecentSearches('');
  #groups: readonly OptionGroup[] = [];
  #isShown = false;
  #isTouched = false;
  #isFilterOpen = false;
  #text = '';
  #announced = '';

  constructor() {
    super();
    this.addController(new ShortcutKeys(this));
  }

  static override get observedAttributes(): string[] {
    return [...super.observedAttributes, 'lang'];
  }

  /** Whether it is open as a dialog. */
  get isShowing(): boolean {
    return this.#modal.isOpen;
  }

  /** The shortcuts that open it. */
  get shortcuts(): readonly Shortcut[] {
    return parseShortcuts(this.shortcut, isAppleSystem());
  }

  /**
   * Opens the dialog, or focuses the inline field. A search inside what is hidden or inert stays closed, since its dialog
   * could not be seen, and would block the page. @param opener receives the focus afterwards
   */
  open(opener: HTMLElement | null = null): void {
    if (!this.isConnected) return;
    if (!canBeSeen(this)) {
      console.warn(
        'era-search: The search was not opened: an element around it is hidden or inert. Place it elsewhere.',
      );
      return;
    }
    if (this.mode === 'modal' && !this.#modal.isOpen) {
      this.#isShown = true;
      this.requestUpdate();
      this.#around.read();
      this.performUpdate(); // synchronously: an on-screen keyboard appears only for a focus within the visitor's action
      this.#modal.show(this.renderRoot.querySelector('dialog')!, opener);
      emit(this, 'era-search:open', null);
    }
    this.#field?.focus();
    this.#field?.select();
    this.preload();
  }

  close(): void {
    if (!this.#modal.isOpen) return;
    this.#modal.close();
    this.#announcer.hush();
    this.#isShown = false;
    this.requestUpdate();
    emit(this, 'era-search:close', null);
  }

  /**
   * Opens the search and asks. @returns the best answer; null when there is none or another question was asked
   * meanwhile
   */
  async search(text: string): Promise<Answer | null> {
    if (text.trim() === '') this.clear();
    this.#text = text;
    this.open();
    return text.trim() === '' ? null : this.#run.ask(text.trim());
  }

  clear(): void {
    this.#text = '';
    this.#announced = '';
    this.#cursor.clear();
    this.#announcer.hush();
    this.#run.clear();
  }

  /** Fetches the files that the first search needs. */
  preload(): void {
    void this.#site.open().catch(() => undefined); // the next search reports the error
  }

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.hasUpdated) this.#join();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.close();
    this.clear();
    this.#site.leave();
  }

  override attributeChangedCallback(name: string, old: string | null, value: string | null): void {
    super.attributeChangedCallback(name, old, value);
    if (name === 'lang' && this.isConnected) this.#around.read();
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (!this.hasUpdated || OF_SITE.some((name) => changed.has(name))) this.#join();
    if (changed.has('theme') || changed.has('mode')) this.#around.read();
    this.#groups = optionGroups(this.#run.pages, 'fragmentDirective' in document);
  }

  /** Keeps the focus in the dialog when the focused button has been removed. */
  protected override updated(): void {
    if (this.isShowing && focusedElement() === null && matchMedia('(hover: hover)').matches) this.#field?.focus();
  }

  protected override render(): TemplateResult {
    const { scheme, direction, language } = this.#around;
    if (this.mode === 'inline') {
      return html`<div class="root" part="root" lang=${language} dir=${direction} data-scheme=${scheme} @keydown=${this.#pressed}>${panel(this.#view())}</div>`;
    }
    return html`<dialog
      class="root"
      part="dialog"
      aria-label=${this.#texts.search}
      lang=${language}
      dir=${direction}
      data-scheme=${scheme}
      @keydown=${this.#pressed}
      @click=${this.#clicked}
      @cancel=${this.#cancelled}
      @close=${this.#closed}
    >
      ${this.#isShown ? panel(this.#view()) : ''}
    </dialog>`;
  }

  get #texts(): Environment['texts'] {
    return { ...this.#around.texts, ...this.texts };
  }

  get #field(): HTMLInputElement | null {
    return this.renderRoot.querySelector<HTMLInputElement>('.field');
  }

  #query(selector: string): HTMLElement | null {
    return this.renderRoot.querySelector<HTMLElement>(selector);
  }

  #join(): void {
    const address = this.#site.join(new URL('./', SCRIPT).href, (error) => emit(this, 'era-search:error', { error }));
    if (address === null) return;
    this.#recent = new RecentSearches(address);
    this.clear();
  }

  #answered(answer: Answer, isFirst: boolean): void {
    if (isFirst) {
      this.#isTouched = false;
      this.#cursor.clear();
      this.#query('.results')?.scrollTo(0, 0);
      this.#site.completeWhenIdle();
    }
    const count = answer.total === 0 ? fill(this.#texts.none, { query: answer.query }) : this.#countText(answer);
    const text = isInDoubt(answer) ? `${this.#texts.doubtful} ${count}` : count;
    if (isFirst || text !== this.#announced) this.#announcer.say(text);
    this.#announced = text;
    emit(this, 'era-search:results', { answer, isFirst });
  }

  #countText({ total }: Answer): string {
    return countText(this.#texts.pages, total, this.#around.language);
  }

  /** Many keyboards compose every word, so that what is being composed is searched too. */
  readonly #typed = (event: Event): void => {
    this.#text = (event.target as HTMLInputElement).value;
    this.#cursor.clear();
    const text = this.#text.trim();
    if (text.length < Math.max(1, this.minLength)) this.#run.clear();
    else if (text !== this.#run.query || this.#run.error) this.#run.askSoon(text, this.debounce);
    this.requestUpdate();
  };

  readonly #pressed = (event: KeyboardEvent): void => {
    if (this.#field) followKey(event, this.#keyActions(this.#field));
  };

  #keyActions(field: HTMLInputElement): KeyActions {
    return {
      field,
      move: (step) => {
        this.#cursor.move(this.#groups, step);
        this.#isTouched ||= this.#groups.length > 0;
        this.requestUpdate();
        void this.updateComplete.then(() =>
          this.#query('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' }),
        );
        return this.#groups.length > 0;
      },
      open: (modifiers) => this.#enter(modifiers),
      escape: () => {
        if (this.#text !== '') this.clear();
        else if (this.#modal.isOpen) this.close();
        else return false;
        return true;
      },
      recent: () => [...this.renderRoot.querySelectorAll<HTMLElement>('.again')],
    };
  }

  /**
   * Follows the active option, else the best hit of the question in the field; a question that was typed but not yet
   * asked is asked first.
   */
  #enter({ ctrlKey, metaKey, shiftKey }: Pick<MouseEvent, 'ctrlKey' | 'metaKey' | 'shiftKey'>): void {
    const text = this.#text.trim();
    const isCurrent = text === this.#run.query && !this.#run.isBusy;
    const option = this.#cursor.active(this.#groups) ?? (isCurrent ? bestOption(this.#groups) : null);
    const index = option ? this.#groups.flatMap(({ options }) => options).indexOf(option) : -1;
    const link = this.#query(`#option-${index}`);
    if (link)
      link.dispatchEvent(
        new MouseEvent('click', {
          bubbles: true,
          composed: true,
          cancelable: true,
          view: window,
          ctrlKey,
          metaKey,
          shiftKey,
        }),
      );
    else if (text !== '' && text !== this.#run.query) void this.#run.ask(text);
  }

  /** Reports the selection; where a click opens another tab or window, the link itself does. */
  readonly #selected = (event: MouseEvent, { url, href, page, section }: Option): void => {
    this.#recent.add(this.#run.query, this.recent);
    const { ctrlKey, metaKey, shiftKey, altKey } = event;
    const isElsewhere = ctrlKey || metaKey || shiftKey || altKey || !['', '_self'].includes(this.linkTarget);
    const isRouted = event.defaultPrevented; // by a listener that sees into shadow roots before the link does
    const detail = { query: this.#run.query, url, page, section };
    const isOurs = emit(this, 'era-search:select', detail, !isElsewhere && !isRouted);
    if (isElsewhere) return;
    event.preventDefault();
    this.close();
    if (isOurs && !isRouted && href !== null) followInPage(href);
  };

  /** A click outside the panel is on the backdrop. */
  readonly #clicked = (event: MouseEvent): void => {
    if (event.composedPath()[0] === event.currentTarget) this.close();
  };

  /** The browser has closed the dialog. The event arrives late, when it may be open again. */
  readonly #closed = (event: Event): void => {
    if (!(event.currentTarget as HTMLDialogElement).open) this.close();
  };

  readonly #cancelled = (event: Event): void => {
    event.preventDefault();
    this.close();
  };

  #view(): PanelView {
    const run = this.#run;
    return {
      texts: this.#texts,
      isModal: this.mode === 'modal',
      placeholder: this.placeholder || this.#texts.placeholder,
      text: this.#text,
      activeIndex: this.#cursor.index(this.#groups),
      isSlow: run.isSlow,
      query: run.query,
      isAnswered: run.answer !== null,
      countText: run.answer ? this.#countText(run.answer) : '',
      corrections: run.answer?.corrections ?? [],
      isDoubtful: isInDoubt(run.answer),
      error: run.error,
      isOnline: navigator.onLine,
      recent: this.#text === '' ? this.#recent.list(this.recent) : [],
      results: {
        groups: this.#groups,
        activeKey: this.#cursor.activeKey,
        label: this.#texts.results,
        linkTarget: this.linkTarget,
        isBusy: run.isBusy,
        select: this.#selected,
        touch: this.#touched,
      },
      filters: this.#filtersView(),
      state: this.#site.stateView(run, this.#texts, this.#around.language),
      live: this.#announcer.regions,
      typed: this.#typed,
      focused: () => this.preload(),
      clear: () => {
        this.clear();
        this.#field?.focus();
      },
      close: () => this.close(),
      retry: () => void run.retry(),
      searchAgain: (query) => void this.search(query),
      forget: (query) => {
        this.#recent.remove(query);
        this.#field?.focus();
        this.requestUpdate();
      },
    };
  }

  #filtersView(): FiltersView | null {
    const all = this.#site.info?.filters ?? {};
    const names = (nameList(this.filters) ?? Object.keys(all)).filter((name) => Object.hasOwn(all, name));
    if (names.length === 0) return null;
    const run = this.#run;
    return {
      texts: this.#texts,
      language: this.#around.language,
      names,
      all,
      counts: run.answer?.filters ?? null,
      chosen: run.chosen,
      isChanged: Object.keys(run.filters).length > 0,
      isOpen: this.#isFilterOpen,
      toggle: () => {
        this.#isFilterOpen = !this.#isFilterOpen;
        this.requestUpdate();
      },
      choose: (name, value, isChosen) => run.setFilter(name, value, isChosen),
      clear: () => run.clearFilters(),
    };
  }

  /** Ignores a pointer that rests while the list appears under it. */
  readonly #touched = (event: Event): void => {
    if (event.type === 'scroll') this.#isTouched ||= (event.target as HTMLElement).scrollTop > 0;
    else
      this.#isTouched ||=
        event.type === 'pointerdown' ||
        (event as PointerEvent).movementX !== 0 ||
        (event as PointerEvent).movementY !== 0;
  };
}

/** Only of the best answer, since better ones may be surer. */
function isInDoubt(answer: Answer | null): boolean {
  return answer !== null && answer.isLast && answer.isDoubtful && answer.total > 0;
}
