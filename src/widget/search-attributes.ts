// The attributes and properties of <era-search> with their defaults. search-element.ts has what they do.

import { LitElement, type PropertyDeclarations } from 'lit';
import type { Texts } from './texts.ts';

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
    encoder: { type: String },
    queryUrl: { type: String, attribute: 'query-url' },
    queryModel: { type: String, attribute: 'query-model' },
    queryPrompt: { type: String, attribute: 'query-prompt' },
    queryDimensions: { type: Number, attribute: 'query-dimensions' },
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
  /** Of the field. Default: a text in the page's language. */
  declare placeholder: string;
  /** Only pages of this language; `all` for any. Default: the page's, where the site has it and others. */
  declare language: string;
  /** Keys that open it, with spaces between; `mod` is Cmd on Apple's systems and Ctrl elsewhere. Empty: none. */
  declare shortcut: string;
  /** Pages shown, 1 to 100. */
  declare limit: number;
  /** Sections of a page shown, 1 to 10. */
  declare sections: number;
  /** Filters offered, in this order, with commas between; empty: none. Default: all of the site. */
  declare filters: string | null;
  /** `off`: keywords alone; the vectors are not downloaded. */
  declare semantic: 'auto' | 'off';
  /** The language model in the page: `ask` downloads it when the visitor allows it, `auto` with the first search, `off` never. */
  declare encoder: 'ask' | 'auto' | 'off';
  /** Address of an embeddings API that reads queries, relative to the page: a proxy of yours, which holds the key. */
  declare queryUrl: string;
  /** Model name that the API is asked for. */
  declare queryModel: string;
  /** Template of queries for that model, with `{text}` in it. */
  declare queryPrompt: string;
  /** Length of its vectors, where it is to be asked for. */
  declare queryDimensions: number | null;
  /** Last queries kept in the browser and offered again; 0: none. */
  declare recent: number;
  /** `target` of the links, for example `_blank`. */
  declare linkTarget: string;
  /** `auto`: what the page around it says, else what the visitor prefers. */
  declare theme: 'auto' | 'light' | 'dark';
  /** Characters from which on a search begins. */
  declare minLength: number;
  /** Milliseconds without a key after which a search begins. */
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
    this.encoder = 'ask';
    this.queryUrl = '';
    this.queryModel = '';
    this.queryPrompt = '';
    this.queryDimensions = null;
    this.recent = 5;
    this.linkTarget = '';
    this.theme = 'auto';
    this.minLength = 1;
    this.debounce = 120;
    this.texts = {};
  }
}
