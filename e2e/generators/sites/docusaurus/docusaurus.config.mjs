export default {
  title: 'Harbor',
  tagline: 'Keeps connections open',
  url: 'https://harbor.example',
  baseUrl: '/',
  scripts: [{ src: '/era-search/era-search.js', type: 'module' }],
  onBrokenLinks: 'warn',
  i18n: { defaultLocale: 'en', locales: ['en', 'de'] },
  presets: [
    [
      'classic',
      {
        docs: {
          sidebarPath: './sidebars.js',
          editUrl: 'https://harbor.example/edit',
          versions: { current: { label: '2.0 (next)', path: 'next' } },
        },
        blog: { showReadingTime: true, blogSidebarTitle: 'Recent posts' },
      },
    ],
  ],
  themeConfig: {
    navbar: {
      title: 'Harbor',
      items: [
        { type: 'docSidebar', sidebarId: 'docs', position: 'left', label: 'Guide' },
        { to: '/blog', label: 'Blog', position: 'left' },
        { type: 'docsVersionDropdown', position: 'right' },
        { type: 'localeDropdown', position: 'right' },
      ],
    },
    footer: {
      style: 'dark',
      links: [{ title: 'Community', items: [{ label: 'Forum', href: 'https://harbor.example/forum' }] }],
      copyright: 'Copyright Harbor. Built with Docusaurus.',
    },
  },
};
