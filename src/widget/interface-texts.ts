// The texts of the interface, which every language has.

/** Plural category (Intl.PluralRules) → text; `other` is always present. */
export type Plural = Readonly<Partial<Record<Intl.LDMLPluralRule, string>>> & { readonly other: string };

export interface Texts {
  readonly search: string;
  readonly placeholder: string;
  readonly clear: string;
  readonly close: string;
  readonly results: string;
  /** `{n}` pages. */
  readonly pages: Plural;
  /** `{query}` */
  readonly none: string;
  readonly noneHint: string;
  /** `{used}`, `{typed}` */
  readonly corrected: string;
  /** Above pages that may not answer the question. */
  readonly doubtful: string;
  readonly loading: string;
  readonly recent: string;
  /** `{query}` */
  readonly remove: string;
  readonly filters: string;
  readonly clearFilters: string;
  readonly byApi: string;
  readonly bySaved: string;
  readonly onDevice: string;
  /** Without a model. */
  readonly byTable: string;
  readonly keywordsOnly: string;
  /** The reason, after “keywords only”. */
  readonly offline: string;
  readonly modelAway: string;
  readonly meaningFollows: string;
  readonly inBrowser: string;
  readonly consent: string;
  /** `{size}` */
  readonly download: string;
  readonly loadingModel: string;
  readonly preparingModel: string;
  readonly checkingModel: string;
  /** `{size}` */
  readonly loadIndex: string;
  readonly error: string;
  readonly errorOffline: string;
  /** Below `error`, for what may pass by itself. */
  readonly errorConnection: string;
  /** Below `error`, for what only the site's owner can change. */
  readonly errorSite: string;
  /** Below `error`, where the scripts that the page needs have been replaced on the server. */
  readonly errorOld: string;
  readonly retry: string;
  /** Beside keys. */
  readonly toMove: string;
  readonly toOpen: string;
  readonly toClose: string;
}
