// Cuts real pages down to fixtures of a few kB for `npm test`: scripts, styles, pictures and attributes that no reader
// of HTML needs go; what is left is the generator's own markup.

import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { load, type CheerioAPI } from 'cheerio';
import { isElement } from '../../src/node/site/extract/html-tree.ts';

interface Fixture {
  readonly page: string;
  /** Parts that others of the page have the like of. */
  readonly cut: string;
}

const FIXTURES: Readonly<Record<string, Fixture>> = {
  starlight: {
    page: 'guide/install/index.html',
    cut: 'starlight-lang-select, .mobile-preferences, .social-icons, li + li > details, mobile-starlight-toc',
  },
  vitepress: { page: 'guide/install.html', cut: '.VPFlyout, .VPNavScreen, .VPSwitchAppearance, .VPSocialLinks' },
  docusaurus: {
    page: 'docs/next/guide/install/index.html',
    cut: '.dropdown, .colorModeToggle_DEke, .footer__links, .menu__list .menu__list, [role="tabpanel"]:nth-child(3)',
  },
  material: { page: '2.0/guide/install/index.html', cut: '.md-tabs, .md-select, .md-source, .md-feedback__note' },
  'sphinx-furo': { page: 'en/latest/guide/install.html', cut: '.mobile-header, .icons' },
  'sphinx-rtd': { page: 'en/latest/api.html', cut: '.py.attribute, .field-list' },
  hugo: { page: 'docs/guide/install/index.html', cut: 'header .doks-sidebar, .dropdown, .tab-pane:nth-child(3)' },
  jekyll: { page: 'guide/install/index.html', cut: '' },
  eleventy: { page: 'guide/install/index.html', cut: '' },
  mdbook: { page: 'guide/install.html', cut: '' },
  rustdoc: {
    page: 'harbor/struct.Pool.html',
    cut: '#rustdoc-toc ul, #trait-implementations-list > * + *, #synthetic-implementations-list > * + *, #blanket-implementations-list > * + *',
  },
  typedoc: {
    page: 'classes/Pool.html',
    cut: '.tsd-member-group:has(#constructors-1), .tsd-member-group:has(#properties-1), .tsd-kind-icon, .tsd-index-section + .tsd-index-section',
  },
  javadoc: {
    page: 'harbor/Pool.html',
    cut: '.constructor-details, .constructor-summary, .sub-nav-list, .nav-bar-cell1-rev + *',
  },
  doxygen: { page: 'classharbor_1_1Pool.html', cut: '' },
};

/** Sphinx is known by that script. */
const REMOVED =
  'script:not([src*="documentation_options.js"]), style, img, link:not([rel="canonical"]), template, iframe, era-search, era-search-trigger';
const KEPT_META = /^(generator|robots|docsearch:|docusaurus)/;
const KEPT_ATTRIBUTES = /^(id|class|href|src|lang|name|content|charset|http-equiv|rel|role|hidden|type|checked|for|open|aria-hidden|data-nosnippet|data-pagefind-\w+|rowspan|colspan)$/; // prettier-ignore
/** Long lists of the same: two of each are enough. */
const REPEATED = 'nav li, aside li, .sidebar li, .sidebar-tree li, .tsd-navigation a, .wy-menu li, #nav-tree li, option, .VPSidebar .item, .col-sidebar a, fieldset label, .settings label'; // prettier-ignore

export async function writeFixture(name: string, site: string, folder: string): Promise<void> {
  const { page, cut } = FIXTURES[name]!;
  const $ = load(await readFile(join(site, page), 'utf8'));
  $(REMOVED).remove();
  if (cut !== '') $(cut).remove();
  $('meta').filter((_, meta) => !KEPT_META.test(meta.attribs['name'] ?? '') && !('charset' in meta.attribs)).remove(); // prettier-ignore
  removeComments($);
  $('svg').replaceWith('<svg></svg>');
  $('*').each((_, element) => {
    if (!isElement(element)) return;
    for (const attribute of Object.keys(element.attribs)) {
      const value = element.attribs[attribute]!;
      const isHiding = attribute === 'style' && /display:\s*none|visibility:\s*hidden/.test(value);
      if (!KEPT_ATTRIBUTES.test(attribute) && !isHiding) $(element).removeAttr(attribute);
    }
  });
  $('[class*="astro-"]').attr('class', (_, value) => value.replace(/ ?\bastro-\w{8}\b/g, ''));
  for (const element of $(REPEATED).toArray()) if ($(element).prevAll(element.name).length >= 2) $(element).remove();
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, `${name}.html`), `${tidy($.html())}\n`);
}

function removeComments($: CheerioAPI): void {
  $('*')
    .contents()
    .filter((_, node) => node.nodeType === 8)
    .remove();
}

/** Blanks between lines go, other than in code. */
function tidy(html: string): string {
  return html
    .split(/(<pre[\s\S]*?<\/pre>|<textarea[\s\S]*?<\/textarea>|<div class="fragment">[\s\S]*?<\/div>\s*<\/div>)/)
    .map((part, i) => (i % 2 === 1 ? part : part.replace(/\s*\n\s*/g, '\n').replace(/ {2,}/g, ' ')))
    .join('');
}
