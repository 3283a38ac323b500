// What pages of known generators hold besides their text, and which of their pages lead to answers and are none. Data,
// one entry for each; the builds that they were read from are in e2e/generators.

import type { CheerioAPI } from 'cheerio';
import type { CollectedPage } from '../extracted-page.ts';

export interface GeneratorRules {
  readonly name: string;
  /** Beginning of `<meta name="generator">`. */
  readonly generator: RegExp;
  /** An element that its pages have, where they do not name it. */
  readonly mark?: string;
  /** The element that holds the title, where that is no heading. */
  readonly title?: string;
  /** Elements without text of the page: selectors. */
  readonly leftOut: readonly string[];
  /** An element that only pages of lists have: indexes, tags, search, settings. */
  readonly listing?: string;
  /** Addresses of such pages in the site. */
  readonly listings?: RegExp;
  /** The same, for addresses that pages of text may have too: where most of the page is links. */
  readonly lists?: RegExp;
}

/** Parts of pages by the names that many themes give them, unless they hold text. */
const ANY = [
  ...[
    'breadcrumb',
    'breadcrumbs',
    'crumbs',
    'pager',
    'pagination',
    'page-nav',
    'prev-next',
    'offcanvas',
    'navbar',
    'card-list',
    'edit-page',
    'edit-this-page',
  ].map((name) => `.${name}:not(:has(p, pre, table))`),
  ...['prev', 'next'].flatMap((name) => [`a[rel~="${name}"]`, `a.${name}`]),
  'section[data-footnotes] h2',
  '.footnotes > h2.sr-only',
];

/** Also of themes that do not name their generator. */
const TAGS = /(?:^|\/)(?:tags|categories)(?:\/|\.html$|$)/;

const ALL: readonly GeneratorRules[] = [
  {
    name: 'Docusaurus',
    generator: /^Docusaurus/,
    leftOut: [
      '.theme-doc-version-badge',
      '.theme-doc-version-banner',
      '.theme-doc-toc-mobile',
      '.theme-doc-toc-desktop',
      '.theme-last-updated',
      'article > header > :has(> time)',
    ],
    listing:
      'html.plugin-blog:not(.blog-post-page), html.docs-tags-list-page, html.docs-tag-doc-list-page, html.search-page-wrapper',
  },
  {
    name: 'Starlight',
    generator: /^Starlight/,
    leftOut: ['.expressive-code figcaption .sr-only', 'h1#_top ~ p:has(> svg)'],
  },
  {
    name: 'VitePress',
    generator: /^VitePress/,
    leftOut: ['[class*="language-"] > .lang', '.VPDocAside', '.VPDocFooter', '.VPLocalNav'],
  },
  {
    name: 'MkDocs Material',
    generator: /mkdocs-material/,
    leftOut: ['.md-tags', '.md-source-file', '.md-post__meta', '.md-post__back', '.md-post__action', '.md-feedback'],
    listing: '.md-post--excerpt, h2[id^="tag:"]',
    lists: /(?:^|\/)(?:tags|blog)(?:\/|\.html|\/index\.html)?$/,
  },
  {
    name: 'Sphinx',
    generator: /^(?:Docutils|Sphinx)/,
    mark: 'script[src*="documentation_options.js"]',
    leftOut: [
      'a:has(> .viewcode-link)',
      '.viewcode-back',
      '.fn-bracket',
      '.footnote > .label',
      '.related-pages',
      '.bottom-of-page',
      '.rst-footer-buttons',
      '.rst-versions',
      '[aria-label="Page navigation"]',
    ],
    listing: '#search-results',
    listings: /(?:^|\/)(?:genindex(?:-\w+)?|[a-z]*-?modindex)(?:\.html|\/)$|(?:^|\/)(?:_modules|_static)\//,
  },
  {
    name: 'Hugo, Doks',
    generator: /^Doks/,
    mark: 'body.list #offcanvasNavMain, body.single #offcanvasNavMain',
    leftOut: ['.reading-time'],
    listing: 'body.list.blog, body.list.taxonomy, body.list.term, body.list.section:not(:has(article p))',
  },
  { name: 'Hugo', generator: /^Hugo/, leftOut: [], lists: TAGS },
  { name: 'Jekyll', generator: /^Jekyll/, leftOut: ['.rss-subscribe', '.post-meta'], lists: TAGS },
  { name: 'Eleventy', generator: /^Eleventy/, leftOut: ['.post-metadata', '.links-nextprev'], lists: TAGS },
  {
    name: 'rustdoc',
    generator: /^rustdoc/,
    leftOut: [
      '.rustdoc-breadcrumbs',
      '#copy-path',
      'rustdoc-toolbar',
      'a.src',
      'a.anchor',
      '.rightside',
      '.out-of-band',
      'summary.hideme',
      ...['synthetic-implementations', 'blanket-implementations', 'implementors', 'synthetic-implementors'].flatMap(
        (id) => [`#${id}`, `#${id}-list`],
      ),
      // What the compiler derives, and the methods that come with a trait of the standard library.
      '#trait-implementations-list > :has(> summary .code-header > a.trait[href^="https://doc.rust-lang.org/"])',
    ],
    listing: 'body.rustdoc.sys, body.rustdoc.src',
  },
  {
    name: 'TypeDoc',
    generator: /^TypeDoc/,
    mark: '.tsd-page-title',
    leftOut: [
      '.col-sidebar',
      '.tsd-page-toolbar',
      '.tsd-breadcrumb',
      '.tsd-sources',
      '.tsd-index-group',
      '.tsd-member-summaries',
      '.tsd-hierarchy',
      '.tsd-parameters-title',
      '.tsd-returns-title',
    ],
    listings: /(?:^|\/)hierarchy\.html$/,
  },
  {
    name: 'Javadoc',
    generator: /^javadoc/,
    leftOut: [
      '.header > .sub-title',
      '.inheritance',
      '.table-tabs',
      '.table-header',
      '.inherited-list',
      'section.constructor-summary',
      'section.method-summary',
      'section.field-summary',
      '#enum-constant-summary',
    ],
    listing: [
      'index',
      'all-classes-index',
      'all-packages-index',
      'tree',
      'package-tree',
      'help',
      'search',
      'source',
      'class-use',
      'package-use',
    ]
      .map((name) => `body.${name}-page`)
      .join(', '),
    listings:
      /(?:^|\/)(?:index-all|all(?:classes|packages)(?:-\w+)?|overview-tree|package-(?:tree|use|frame)|help-doc|serialized-form|deprecated-list|(?:class-use|index-files|src-html)\/.*)\.html$/,
  },
  {
    name: 'Doxygen',
    generator: /^Doxygen/,
    mark: 'body.SRPage, .SRStatus',
    title: '.headertitle .title',
    leftOut: [
      '#top',
      '#side-nav',
      '#nav-path',
      '#MSearchSelectWindow',
      '.header',
      '.ttc',
      '.dynheader',
      '.dyncontent',
      '.mlabels-right',
      'p.definition',
      'p.reference',
      'p:has(> code > a[href$="_source.html"])',
      '.mdescRight > a',
      'body:has(.memitem) table.memberdecls',
      '.groupheader:has(+ a + .memtitle)',
    ],
    // A file without documented functions; with short names, members are told by their title alone.
    listing:
      'body:not(:has(.memitem)):has(.headertitle .title:contains("File Reference")), body:has(.headertitle .title:contains("Member List"))',
    listings:
      /(?:^|\/)(?:annotated|classes|examples|files|functions\w*|globals\w*|graph_legend|hierarchy|inherits|modules|namespacemembers\w*|namespaces|pages|topics|dir_\w+|\w+-members|\w+_source|[\w-]*_8(?:md|markdown)|search\/.*)\.x?html$/,
  },
];

export interface PageRules {
  /** Of its generator; null where it is not known. */
  readonly rules: GeneratorRules | null;
  /** Selectors of elements without text of the page, of its generator and of any. */
  readonly leftOut: readonly string[];
}

export const NO_RULES: PageRules = { rules: null, leftOut: [] };

export function rulesOf($: CheerioAPI): PageRules {
  const said = $('head > meta[name="generator" i]')
    .toArray()
    .map((meta) => meta.attribs['content']?.trim() ?? '');
  const rules =
    ALL.find(({ generator }) => said.some((name) => generator.test(name))) ??
    ALL.find(({ mark }) => mark !== undefined && $(mark).length > 0) ??
    null;
  // One list is matched in one walk through the page.
  return { rules, leftOut: [[...ANY, ...(rules?.leftOut ?? [])].join(', ')] };
}

/**
 * Whether a page is one of the lists that its generator makes.
 * @param ofSite generators of the site's pages, for a page that does not name its own
 */
export function isListing(
  { url, extracted: { generator, isLinks } }: CollectedPage,
  ofSite: ReadonlySet<string>,
): boolean {
  if (generator === null) return isLinks && ALL.some(({ name, lists }) => ofSite.has(name) && lists?.test(url));
  const { listings, lists } = ALL.find(({ name }) => name === generator)!;
  return (listings?.test(url) ?? false) || (isLinks && (lists?.test(url) ?? false));
}
