// The public interface of <era-search>: attributes with their defaults, events, slots, parts, custom properties. The
// manifest is made from this file; search-element.ts implements the behaviour.

import { LitElement, type PropertyDeclarations } from 'lit';
import type { Texts } from './interface-texts.ts';

/**
 * Search of a site: a dialog above the page, or a field in its flow.
 *
 * @attr {string} lang - Language of the interface. Default: that of the nearest element that has one.
 *
 * @fires {CustomEvent<null>} era-search:open - The dialog was opened.
 * @fires {CustomEvent<null>} era-search:close - The dialog was closed.
 * @fires {CustomEvent<{ site: CollectionInfo }>} era-search:ready - The index is open.
 * @fires {CustomEvent<{ answer: Answer, isFirst: boolean }>} era-search:results - An answer is shown; a better one to
 * the same question has isFirst false.
 * @fires {CustomEvent<SelectDetail>} era-search:select - A result was chosen. Cancelled, the link is not followed.
 * @fires {CustomEvent<{ error: EraError }>} era-search:error - A search failed.
 *
 * @slot header - Above the field.
 * @slot footer - At the end of the footer.
 * @slot empty - Replaces the message that nothing was found.
 * @slot error - Replaces the message of an error; the button to try again stays.
 *
 * @csspart dialog - The dialog.
 * @csspart root - The outer box of an inline search, which has no dialog.
 * @csspart panel - The box around everything.
 * @csspart search - The row of the field.
 * @csspart input - The field.
 * @csspart clear - Button that empties the field.
 * @csspart close - Button that closes the dialog.
 * @csspart bar - The row of filter button and count.
 * @csspart count - Number of pages found.
 * @csspart correction - Words that were replaced by others.
 * @csspart doubt - That the pages may not answer the question.
 * @csspart filter-button - Button that opens the filters.
 * @csspart filters - The filters.
 * @csspart filter - One filter.
 * @csspart filter-value - One value with its checkbox.
 * @csspart filter-count - Number of pages with a value.
 * @csspart filter-clear - Button that removes all filters.
 * @csspart results - The list of results.
 * @csspart page - A page with its sections.
 * @csspart option - A result, page or section.
 * @csspart option-page - A page.
 * @csspart option-section - A section of a page.
 * @csspart title - Title of a page.
 * @csspart address - Its shortened address.
 * @csspart heading - Headings of a section.
 * @csspart snippet - Text that was found.
 * @csspart mark - Words of the query in it.
 * @csspart skeleton - Placeholder while results are pending.
 * @csspart empty - Message that nothing was found.
 * @csspart error - Message that a search failed.
 * @csspart retry - Button to try again.
 * @csspart recent - The last queries.
 * @csspart recent-query - One of them.
 * @csspart recent-remove - Button that removes it.
 * @csspart footer - The footer.
 * @csspart state - Status line: ranking of the answer, downloads, offers.
 * @csspart source - How the answer was ranked.
 * @csspart progress - A download.
 * @csspart consent - Button that allows the language model.
 * @csspart load-index - Button that fetches the rest of the index, for visitors who save data.
 * @csspart keys - Hints about keys.
 *
 * @cssprop [--era-font=inherit] - Font family.
 * @cssprop [--era-font-size=1em] - Size of the text, in em of the visitor's own; at least 14px, in the field 16px.
 * @cssprop [--era-text=light-dark(#1b1f24, #e8eaee)] - Text.
 * @cssprop [--era-text-muted=light-dark(#57606a, #a3adb8)] - Snippets, hints, icons.
 * @cssprop [--era-background=light-dark(#ffffff, #171a20)] - Background.
 * @cssprop [--era-surface=light-dark(#f4f5f8, #20252d)] - Footer, and the result under the pointer.
 * @cssprop [--era-border=light-dark(#dadee5, #363d48)] - Lines.
 * @cssprop [--era-accent=light-dark(#3451d1, #9db2ff)] - Links, focus, buttons.
 * @cssprop [--era-accent-text=light-dark(#ffffff, #10131a)] - Text on the accent.
 * @cssprop [--era-active-background=light-dark(#eaeefe, #2a3247)] - The active result.
 * @cssprop [--era-mark-background=light-dark(#ffefb0, #5a4a10)] - Background of marked words.
 * @cssprop [--era-mark-text=var(--era-text)] - Text of the marked words.
 * @cssprop [--era-focus=var(--era-accent)] - Focus rings.
 * @cssprop [--era-error=light-dark(#b3261e, #ffa79c)] - Headline of errors.
 * @cssprop [--era-radius=12px] - Corners of the panel.
 * @cssprop [--era-radius-small=8px] - Corners of results and buttons.
 * @cssprop [--era-shadow=0 24px 64px rgb(10 15 30 / 28%), 0 2px 8px rgb(10 15 30 / 12%)] - Shadow of the dialog.
 * @cssprop [--era-backdrop=rgb(12 16 26 / 50%)] - Colour over the page behind the dialog.
 * @cssprop [--era-backdrop-blur=2px] - Blur of the page behind the dialog.
 * @cssprop [--era-dialog-width=42em] - Width of the dialog, at most that of the screen.
 * @cssprop [--era-dialog-height=40em] - Its largest height.
 * @cssprop [--era-dialog-top=min(12vh, 6em)] - Its distance from the top.
 * @cssprop [--era-input-height=3.5em] - Height of the field.
 * @cssprop [--era-row-padding=0.75em] - Above and below a result.
 * @cssprop [--era-motion=140ms] - Duration of the opening.
 */
export class SearchAttributes extends LitElement {
  static override properties: PropertyDeclarations = {
    bundle: { type: String },
    mode: { type: String, reflect: true },
    placeholder: { type: String },
    language: { type: String },
    shortcut: { type: String },
    limit: { type: Number },
    sections: { type: Number },
    filters: { type: String },
    semantic: { type: String },
    literal: { type: String },
    encoder: { type: String },
    queryUrl: { type: String, attribute: 'query-url' },
    queryModel: { type: String, attribute: 'query-model' },
    queryPrompt: { type: String, attribute: 'query-prompt' },
    queryDimensions: { type: Number, attribute: 'query-dimensions' },
    queryOptions: { type: String, attribute: 'query-options' },
    extension: { type: String },
    recent: { type: Number },
    linkTarget: { type: String, attribute: 'link-target' },
    theme: { type: String },
    minLength: { type: Number, attribute: 'min-length' },
    debounce: { type: Number },
    texts: { attribute: false },
  };

  /** Address of the index's folder, relative to the page. Default: the folder of this script. */
  declare bundle: string;
  /** `modal`: a dialog that a trigger or a shortcut opens; `inline`: in the flow of the page. */
  declare mode: 'modal' | 'inline';
  /** Placeholder of the field. Default: a text in the page's language. */
  declare placeholder: string;
  /** Only pages of this language; `all` for any. Default: the page's, where the site has it and others. */
  declare language: string;
  /** Keys that open it, separated by spaces; `mod` is Cmd on Apple's systems and Ctrl elsewhere. Empty: none. */
  declare shortcut: string;
  /** Most pages shown, 1 to 100. */
  declare limit: number;
  /** Most sections of a page shown, 1 to 10. */
  declare sections: number;
  /** Filters shown, in this order, separated by commas; empty: none. Default: all of the site. */
  declare filters: string | null;
  /** `off`: keywords alone; the vectors are not downloaded. */
  declare semantic: 'auto' | 'off';
  /**
   * What of a query is taken as it was typed, separated by spaces: `forms` of words, `accents`, `spelling`, `operators`
   * (quotes and minus).
   */
  declare literal: string;
  /**
   * The language model in the page: `ask` downloads it when the visitor allows it, `auto` with the first search, `off`
   * never.
   */
  declare encoder: 'ask' | 'auto' | 'off';
  /** Address of an embeddings API that reads queries, relative to the page: your proxy, which holds the key. */
  declare queryUrl: string;
  /** Model name sent to the API. */
  declare queryModel: string;
  /** Template of queries for that model, with `{text}` in it. */
  declare queryPrompt: string;
  /** Length of its vectors, where the API needs it in the request. */
  declare queryDimensions: number | null;
  /** Fields, headers and limits of the API's requests, as a JSON object: `WrittenRemoteOptions`. No secrets. */
  declare queryOptions: string;
  /**
   * Address of a module with an analyzer, an encoder or a retriever of your own, relative to the page, see
   * `era-search/extend`.
   */
  declare extension: string;
  /** Number of last queries kept in the browser and offered again; 0: none. */
  declare recent: number;
  /** `target` of the links, for example `_blank`. */
  declare linkTarget: string;
  /** `auto`: the page's scheme around the element, else the visitor's preference. */
  declare theme: 'auto' | 'light' | 'dark';
  /** Characters from which on a search starts. */
  declare minLength: number;
  /** Milliseconds without a key after which a search starts. */
  declare debounce: number;
  /** Interface texts that replace those of the language, one by one. */
  declare texts: Partial<Texts>;

  constructor() {
    super();
    this.bundle = '';
    this.mode = 'modal';
    this.placeholder = '';
    this.language = '';
    this.shortcut = 'mod+k /';
    this.limit = 10;
    this.sections = 3;
    this.filters = null;
    this.semantic = 'auto';
    this.literal = '';
    this.encoder = 'ask';
    this.queryUrl = '';
    this.queryModel = '';
    this.queryPrompt = '';
    this.queryDimensions = null;
    this.queryOptions = '';
    this.extension = '';
    this.recent = 5;
    this.linkTarget = '';
    this.theme = 'auto';
    this.minLength = 1;
    this.debounce = 120;
    this.texts = {};
  }
}
