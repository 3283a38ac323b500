import { defineConfig } from 'astro/config';
import starlight from '@astrojs/starlight';

export default defineConfig({
  site: 'https://harbor.example',
  integrations: [
    starlight({
      title: 'Harbor',
      defaultLocale: 'root',
      locales: { root: { label: 'English', lang: 'en' }, de: { label: 'Deutsch' } },
      social: [{ icon: 'github', label: 'GitHub', href: 'https://harbor.example/source' }],
      editLink: { baseUrl: 'https://harbor.example/edit/' },
      lastUpdated: true,
      pagefind: false,
      components: { Search: './src/components/Search.astro' },
      sidebar: [
        { label: 'Guide', items: [{ autogenerate: { directory: 'guide' } }] },
        { label: 'Reference', items: [{ autogenerate: { directory: 'reference' } }] },
      ],
    }),
  ],
});
