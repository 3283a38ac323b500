// What must be found on each site, as data: where the pages of the content are, what else may be a page, which words of
// the generator's own may stand beside the content, and what queries lead to.

import type { Language, Version } from './content.ts';

export interface Edition {
  readonly language: Language;
  readonly version: Version;
  /** In front of the pages' addresses. */
  readonly at: string;
  /** A query that names no version is answered from it. */
  readonly isCurrent: boolean;
}

export interface Asked {
  readonly query: string;
  /** Address of the first section of the first answer, in the site. */
  readonly leadsTo: RegExp;
  /** In that section; empty for any text. */
  readonly says: string;
}

export interface Expectation {
  readonly name: string;
  readonly editions: readonly Edition[];
  /** Form of addresses. */
  readonly address: (path: string) => string;
  readonly anchor: (heading: string) => string | RegExp;
  /** Addresses of other pages that are answers. */
  readonly others: readonly RegExp[];
  /** Addresses of other pages that are not translated: English, and answers in a search of the other language only. */
  readonly untranslated: readonly RegExp[];
  /** Path of a page → the title that the theme gives it instead. */
  readonly titles: Readonly<Record<string, string>>;
  /** Lines that a page may have besides the content. */
  readonly ownLines: readonly RegExp[];
  /** Blocks that its Markdown does not have. */
  readonly lacks: readonly string[];
  readonly asked: readonly Asked[];
  /** In an answer, letter for letter. */
  readonly code: readonly string[];
}

const folder = (path: string): string => path.replace(/(^|\/)index$/, '$1').replace(/([^/])$/, '$1/');
const file = (path: string): string => (path === 'index' ? '' : `${path}.html`);

const github = (heading: string): string =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N} -]/gu, '')
    .replaceAll(' ', '-');
const ascii = (heading: string): string => github(heading).normalize('NFD').replace(/\p{M}/gu, '');

const ENGLISH: Edition = { language: 'en', version: '2.0', at: '', isCurrent: true };
const GERMAN: Edition = { language: 'de', version: '2.0', at: 'de/', isCurrent: true };
const PLAIN = { others: [], untranslated: [], titles: {}, ownLines: [], lacks: [], asked: [], code: [] } as const;
const HUGO = {
  ...PLAIN,
  editions: [
    { ...ENGLISH, at: 'docs/' },
    { ...GERMAN, at: 'de/docs/' },
  ],
  address: folder,
  anchor: github,
  others: [/^(de\/)?$/, /^blog\/[a-z-]+\/$/],
};

/** Two methods of one name, a function and an enumeration, of a library in each language. */
function api(
  close: RegExp,
  sessionClose: RegExp,
  parse: readonly [name: string, leadsTo: RegExp],
  state: RegExp,
): Asked[] {
  return [
    { query: 'Pool.close', leadsTo: close, says: 'Drains the reservoir and shuts every socket.' },
    { query: 'Session.close', leadsTo: sessionClose, says: 'Hands the borrowed connection back to its owner.' },
    { query: parse[0], leadsTo: parse[1], says: '' },
    { query: 'borrowers are turned away', leadsTo: state, says: 'Borrowers are turned away.' },
  ];
}

const PYTHON_CODE = 'pool = Pool("db:5432")\ntry:\n    pool.borrow()\nfinally:\n    pool.close()';

function sphinx(name: string): Expectation {
  return {
    ...PLAIN,
    name,
    editions: [
      { ...ENGLISH, at: 'en/latest/' },
      { ...ENGLISH, version: '1.0', at: 'en/1.0/', isCurrent: false },
      { ...GERMAN, at: 'de/latest/' },
    ],
    address: file,
    anchor: ascii,
    others: [/^(en|de)\/(latest|1\.0)\/api\.html$/],
    asked: api(
      /^en\/latest\/api\.html#harbor\.Pool\.close$/,
      /^en\/latest\/api\.html#harbor\.Session\.close$/,
      ['harbor.parse_address', /^en\/latest\/api\.html#harbor\.parse_address$/],
      /^en\/latest\/api\.html#harbor\.State\.DRAINING$/,
    ),
    code: [PYTHON_CODE],
  };
}

export const EXPECTATIONS: readonly Expectation[] = [
  { ...PLAIN, name: 'starlight', editions: [ENGLISH, GERMAN], address: folder, anchor: github },
  { ...PLAIN, name: 'vitepress', editions: [ENGLISH, GERMAN], address: file, anchor: ascii },
  {
    ...PLAIN,
    name: 'docusaurus',
    editions: [
      { ...ENGLISH, version: '1.0', at: 'docs/' },
      { ...ENGLISH, at: 'docs/next/', isCurrent: false },
      { ...GERMAN, version: '1.0', at: 'de/docs/' },
      { ...GERMAN, at: 'de/docs/next/', isCurrent: false },
    ],
    address: folder,
    anchor: github,
    others: [/^(de\/)?$/, /^blog\/2025\//],
    untranslated: [/^de\/blog\/2025\//],
    asked: [
      {
        query: 'We rewrote the scheduler of borrowers during the summer.',
        leadsTo: /^blog\/2025\/10\/01\/autumn-release\/$/,
        says: 'We rewrote the scheduler',
      },
    ],
  },
  {
    ...PLAIN,
    name: 'material',
    editions: [
      { ...ENGLISH, at: '2.0/' },
      { ...ENGLISH, version: '1.0', at: '1.0/', isCurrent: false },
      { ...GERMAN, at: '2.0/de/' },
      { ...GERMAN, version: '1.0', at: '1.0/de/', isCurrent: false },
    ],
    address: folder,
    anchor: ascii,
    others: [/^[12]\.0\/blog\/posts\//],
    untranslated: [/^[12]\.0\/de\/blog\/posts\//],
    asked: [
      {
        query: 'We rewrote the scheduler of borrowers during the summer.',
        leadsTo: /^2\.0\/blog\/posts\/autumn-release\/$/,
        says: 'We rewrote the scheduler',
      },
    ],
  },
  sphinx('sphinx-furo'),
  sphinx('sphinx-rtd'),
  {
    ...HUGO,
    name: 'hugo',
    // The theme heads the first page of a section with the section's name.
    titles: { index: 'Docs' },
    asked: [
      {
        query: 'We rewrote the scheduler of borrowers during the summer.',
        leadsTo: /^blog\/autumn-release\/$/,
        says: 'We rewrote the scheduler',
      },
    ],
  },
  {
    ...HUGO,
    name: 'hugo-plain',
    // The content of a section's first page stands above the list of the section.
    ownLines: [/^(guide|reference)$/],
    lacks: ['label'],
  },
  {
    ...PLAIN,
    name: 'jekyll',
    editions: [ENGLISH],
    address: folder,
    anchor: github,
    others: [/^2025\//],
    // The theme lists the posts on its first page.
    ownLines: [/^Posts$/, /^(Oct|Apr) 1, 2025$/, /^The release of (autumn|spring)$/],
    lacks: ['label'],
  },
  {
    ...PLAIN,
    name: 'eleventy',
    editions: [ENGLISH],
    address: folder,
    anchor: github,
    others: [/^blog\/[a-z-]+\/$/],
    lacks: ['label'],
  },
  {
    ...PLAIN,
    name: 'mdbook',
    editions: [ENGLISH],
    address: file,
    anchor: github,
    ownLines: [/^(Warning|Tip)$/],
    lacks: ['label'],
  },
  {
    ...PLAIN,
    name: 'rustdoc',
    editions: [],
    address: file,
    anchor: github,
    others: [/^harbor\/$/, /^harbor\/(struct|enum|fn|trait)\.\w+\.html$/],
    asked: api(
      /^harbor\/struct\.Pool\.html#method\.close$/,
      /^harbor\/struct\.Session\.html#method\.close$/,
      ['parse_address', /^harbor\/fn\.parse_address\.html/],
      /^harbor\/enum\.State\.html#variant\.Draining$/,
    ),
    code: [
      'let mut pool = harbor::Pool::new("db:5432");\n{\n    let session = pool.borrow();\n    session.close();\n}\npool.close();',
    ],
  },
  {
    ...PLAIN,
    name: 'typedoc',
    editions: [],
    address: file,
    anchor: github,
    others: [/^$/, /^modules\.html$/, /^(classes|enums|functions|interfaces)\/\w+\.html$/],
    asked: api(
      /^classes\/Pool\.html#close/,
      /^classes\/Session\.html#close/,
      ['parseAddress', /^functions\/parseAddress\.html/],
      /^enums\/State\.html#draining$/,
    ),
    code: ['const pool = new Pool("db:5432");\ntry {\n    pool.borrow();\n} finally {\n    pool.close();\n}'],
  },
  {
    ...PLAIN,
    name: 'javadoc',
    editions: [],
    address: file,
    anchor: github,
    others: [/^harbor\/[A-Z]\w+\.html$/, /^harbor\/package-summary\.html$/],
    asked: api(
      /^harbor\/Pool\.html#close\(\)$/,
      /^harbor\/Session\.html#close\(\)$/,
      ['parseAddress', /^harbor\/Pool\.html#parseAddress\(java\.lang\.String\)$/],
      /^harbor\/State\.html#DRAINING$/,
    ),
    code: ['Pool pool = new Pool("db:5432");\ntry {\n    pool.borrow(30);\n} finally {\n    pool.close();\n}'],
  },
  {
    ...PLAIN,
    name: 'doxygen',
    editions: [ENGLISH],
    address: (path) => (path === 'index' ? '' : `${path.replaceAll(/[^a-z0-9]/g, '_')}.html`),
    anchor: () => /^autotoc_md\d+$/,
    others: [/^(class|struct|namespace)harbor\w*\.html$/],
    ownLines: [/^(Warning|Remarks|Why does closing take a second\?|It complains about certificates): /],
    lacks: ['label'],
    asked: api(
      /^classharbor_1_1Pool\.html#a[0-9a-f]+$/,
      /^classharbor_1_1Session\.html#a[0-9a-f]+$/,
      ['parse_address', /^namespaceharbor\.html#a[0-9a-f]+$/],
      /^namespaceharbor\.html#a/,
    ),
    code: ['harbor::Pool pool("db:5432");\nif (pool.ready()) {\n    pool.borrow(30);\n}\npool.close();'],
  },
];

/** Words of menus, buttons and footers of all generators: no line of a passage is one of them, or has one at its end. */
export const CHROME: readonly RegExp[] = [
  /^(copy|copied!?|copy link|copy code|edit this page( on \w+)?|edit page|view source|source|show source|\[source\])$/i,
  /\[(source|docs|quellcode)\]$/i,
  /^(on this page|auf dieser seite|contents|table of contents|skip to (main )?content|zum inhalt springen)$/i,
  /^(previous|prev|next|zurück|weiter|davor|danach|back|back to top|return to top|nach oben)$/i,
  /^(was this (page )?helpful\??|this page was helpful|this page could be improved|thanks for your feedback!)/i,
  /^(last updated|zuletzt aktualisiert|made with|powered by|built with|generated by|created with|copyright)/i,
  /(switch to (dark|light) mode|toggle theme|appearance|member visibility|view all tags|alle tags anzeigen)/i,
  /^(version: |this is (an? )?(unreleased|old)|redirecting)/i,
  /^(blanket implementations|auto trait implementations|hierarchy summary|methods inherited from )/i,
  /^(the documentation for this \w+ was generated|read more|more\.\.\.|all methods|modifier and type|defined in |definition at line|list of all members)/i,
  /^(terminal window|terminal-fenster|searching\.\.\.|loading\.\.\.|no matches|subscribe via rss|\d+ min(ute)?s?( read)?)$/i,
  /\p{Co}|◆|¶|§/u,
];
