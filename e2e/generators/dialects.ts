// Writes the neutral pages of content.ts in the syntax of a generator.

import type { Block, Page } from './content.ts';

type Writers = { readonly [K in Block['type']]: (block: Extract<Block, { type: K }>) => string };
export type Dialect = (page: Page) => string;

const fence = (info: string, code: string, mark = '```'): string => `${mark}${info}\n${code}\n${mark}`;
const indent = (text: string, by = '    '): string => text.replace(/^(?=.)/gm, by);
const html = (text: string): string => text.replace(/&/g, '&amp;').replace(/</g, '&lt;');

const htmlDetails: Writers['details'] = ({ summary, text }) =>
  `<details>\n<summary>${summary}</summary>\n\n${text}\n\n</details>`;
/** Where a generator has no tabs, the panels are sections, as their writers do. */
const boldTabs: Writers['tabs'] = ({ tabs }) =>
  tabs.map(({ label, text, lang, code }) => `**${label}**\n\n${text}\n\n${fence(lang, code)}`).join('\n\n');
const quoteNote: Writers['note'] = ({ kind, title, text }) => `> [!${kind.toUpperCase()}]\n> **${title}.** ${text}`;
const plain: Writers = {
  markdown: ({ text }) => text,
  tabs: boldTabs,
  note: quoteNote,
  code: ({ lang, code }) => fence(lang, code),
  details: htmlDetails,
};

function write(page: Page, writers: Writers): string {
  return page.blocks.map((block) => writeBlock(block, writers)).join('\n\n') + '\n';
}

function writeBlock(block: Block, writers: Writers): string {
  switch (block.type) {
    case 'markdown':
      return writers.markdown(block);
    case 'tabs':
      return writers.tabs(block);
    case 'note':
      return writers.note(block);
    case 'code':
      return writers.code(block);
    case 'details':
      return writers.details(block);
  }
}

const frontMatter = (fields: Readonly<Record<string, unknown>>): string =>
  `---\n${Object.entries(fields)
    .map(([name, value]) => `${name}: ${JSON.stringify(value)}\n`)
    .join('')}---\n\n`;

/** What the front matter of a page says in most generators, with the date and the tags of a post. */
const factsOf = (page: Parameters<Dialect>[0]): Readonly<Record<string, unknown>> => ({
  title: page.title,
  description: page.description,
  ...('date' in page ? { date: page.date } : {}),
  ...('tags' in page ? { tags: page.tags } : {}),
});

const tabItems: Writers['tabs'] = ({ tabs }) =>
  `<Tabs>\n${tabs.map(({ label, text, lang, code }) => `<TabItem value="${label}" label="${label}">\n\n${text}\n\n${fence(lang, code)}\n\n</TabItem>`).join('\n')}\n</Tabs>`;

export const starlight: Dialect = (page) =>
  frontMatter({ title: page.title, description: page.description }) +
  `import { Tabs, TabItem } from '@astrojs/starlight/components';\n\n` +
  write(page, {
    ...plain,
    tabs: tabItems,
    note: ({ kind, title, text }) => `:::${kind === 'warning' ? 'caution' : kind}[${title}]\n${text}\n:::`,
    code: ({ lang, file, code }) => fence(`${lang} title="${file}"`, code),
  });

export const docusaurus: Dialect = (page) =>
  frontMatter({ title: page.title, description: page.description }) +
  `import Tabs from '@theme/Tabs';\nimport TabItem from '@theme/TabItem';\n\n` +
  write(page, {
    ...plain,
    tabs: tabItems,
    note: ({ kind, title, text }) => `:::${kind}[${title}]\n\n${text}\n\n:::`,
    code: ({ lang, file, code }) => fence(`${lang} title="${file}" showLineNumbers {4}`, code),
  });

export const vitepress: Dialect = (page) =>
  frontMatter({ description: page.description }) +
  `# ${page.title}\n\n` +
  write(page, {
    ...plain,
    tabs: ({ tabs }) =>
      `::: code-group\n\n${tabs.map(({ label, text, lang, code }) => fence(`${lang} [${label}]`, `# ${text}\n${code}`)).join('\n\n')}\n\n:::`,
    note: ({ kind, title, text }) => `::: ${kind === 'note' ? 'info' : kind} ${title}\n${text}\n:::`,
    code: ({ lang, file, code }) => `::: code-group\n\n${fence(`${lang}:line-numbers {4} [${file}]`, code)}\n\n:::`,
    details: ({ summary, text }) => `::: details ${summary}\n${text}\n:::`,
  });

export const material: Dialect = (page) =>
  frontMatter({ description: page.description, ...('tags' in page ? { tags: page.tags } : {}) }) +
  `# ${page.title}\n\n` +
  write(page, {
    markdown: ({ text }) => text,
    tabs: ({ tabs }) =>
      tabs
        .map(({ label, text, lang, code }) => `=== "${label}"\n\n${indent(`${text}\n\n${fence(lang, code)}`)}`)
        .join('\n\n'),
    note: ({ kind, title, text }) => `!!! ${kind} "${title}"\n\n${indent(text)}`,
    code: ({ lang, file, code }) => fence(` { .${lang} title="${file}" linenums="1" hl_lines="4" }`, code),
    details: ({ summary, text }) => `??? question "${summary}"\n\n${indent(text)}`,
  });

/** MyST with sphinx-design. */
export const sphinx: Dialect = (page) =>
  `# ${page.title}\n\n` +
  write(page, {
    markdown: ({ text }) => text.replace(/<kbd>(.*?)<\/kbd>/g, '{kbd}`$1`'),
    tabs: ({ tabs }) =>
      `::::{tab-set}\n${tabs.map(({ label, text, lang, code }) => `:::{tab-item} ${label}\n${text}\n\n${fence(lang, code)}\n:::`).join('\n')}\n::::`,
    note: ({ kind, title, text }) => `:::{admonition} ${title}\n:class: ${kind}\n\n${text}\n:::`,
    code: ({ lang, file, code }) =>
      fence(`{code-block} ${lang}\n:linenos:\n:emphasize-lines: 4\n:caption: ${file}\n`, code),
    details: ({ summary, text }) => `:::{dropdown} ${summary}\n${text}\n:::`,
  });

export const hugo: Dialect = (page) =>
  frontMatter(factsOf(page)) +
  write(page, {
    ...plain,
    tabs: ({ tabs }) =>
      `{{< tabs "managers" >}}\n${tabs.map(({ label, text, lang, code }) => `{{< tab "${label}" >}}\n\n${text}\n\n${fence(lang, code)}\n\n{{< /tab >}}`).join('\n')}\n{{< /tabs >}}`,
    note: ({ kind, title, text }) => `{{< callout context="${kind}" title="${title}" >}}\n${text}\n{{< /callout >}}`,
    code: ({ lang, file, code }) => fence(`${lang} {title="${file}",linenos=table,hl_lines=[4]}`, code),
    details: ({ summary, text }) => `{{< details "${summary}" >}}\n${text}\n{{< /details >}}`,
  });

export const jekyll: Dialect = (page) =>
  frontMatter({
    layout: 'date' in page ? 'post' : 'page',
    title: page.title,
    description: page.description,
    ...('tags' in page ? { tags: page.tags } : {}),
  }) +
  write(page, {
    ...plain,
    note: ({ kind, title, text }) => `> **${title}.** ${text}\n{: .${kind} }`,
    code: ({ lang, code }) => `{% highlight ${lang} linenos %}\n${code}\n{% endhighlight %}`,
    details: ({ summary, text }) => `<details markdown="1">\n<summary>${summary}</summary>\n\n${text}\n\n</details>`,
  });

export const eleventy: Dialect = (page) =>
  frontMatter({ layout: 'page.njk', ...factsOf(page) }) +
  write(page, {
    ...plain,
    tabs: ({ tabs }) =>
      `<seven-minute-tabs>\n<div role="tablist" aria-label="Package manager">\n${tabs.map(({ label }) => `<a href="#tab-${label}" role="tab">${label}</a>`).join('\n')}\n</div>\n${tabs
        .map(
          ({ label, text, code }) =>
            `<div id="tab-${label}" role="tabpanel"><p>${text}</p><pre><code>${html(code)}</code></pre></div>`,
        )
        .join('\n')}\n</seven-minute-tabs>`,
    note: ({ kind, title, text }) => `<div class="callout ${kind}"><strong>${title}</strong>\n<p>${text}</p></div>`,
  });

export const mdbook: Dialect = (page) => `# ${page.title}\n\n` + write(page, { ...plain });

/** Doxygen's own Markdown, which has no tabs, no callouts and no footnotes; it has commands. */
export const doxygen: Dialect = (page) =>
  `# ${page.title} {#${page.path.replace(/\W/g, '_')}}\n\n` +
  write(page, {
    ...plain,
    markdown: ({ text }) =>
      text
        .replace(/^- \[[ x]\] /gm, '- ')
        .replace(/\[\^wait\](?!:)/, '')
        .replace(/\[\^wait\]: /, '')
        .replace(/<\/?kbd>/g, '`'),
    note: ({ kind, title, text }) => `@${kind === 'tip' ? 'remark' : kind} **${title}.** ${text}`,
    details: ({ summary, text }) => `@par ${summary}\n${text}`,
  });
