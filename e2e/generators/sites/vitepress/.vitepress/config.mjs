import footnote from 'markdown-it-footnote';
import tasks from 'markdown-it-task-lists';
import { defineConfig } from 'vitepress';

const theme = (at, guide, reference) => ({
  nav: [{ text: guide, link: `${at}guide/install` }],
  sidebar: [
    {
      text: guide,
      items: [
        { text: 'Install', link: `${at}guide/install` },
        { text: 'Your first pool', link: `${at}guide/first-pool` },
        { text: 'Overview', link: `${at}guide/overview` },
      ],
    },
    {
      text: reference,
      items: [
        { text: 'Overview', link: `${at}reference/overview` },
        { text: 'Limits', link: `${at}reference/limits` },
      ],
    },
  ],
  editLink: { pattern: 'https://harbor.example/edit/:path' },
});

export default defineConfig({
  title: 'Harbor',
  head: [['script', { type: 'module', src: '/era-search/era-search.js' }]],
  lastUpdated: true,
  markdown: { config: (md) => md.use(footnote).use(tasks) },
  themeConfig: {
    socialLinks: [{ icon: 'github', link: 'https://harbor.example/source' }],
    footer: { message: 'Released under a licence.' },
    ...theme('/', 'Guide', 'Reference'),
  },
  locales: {
    root: { label: 'English', lang: 'en' },
    de: { label: 'Deutsch', lang: 'de', themeConfig: theme('/de/', 'Leitfaden', 'Nachschlagewerk') },
  },
});
