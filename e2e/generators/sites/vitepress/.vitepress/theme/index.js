import DefaultTheme from 'vitepress/theme';
import { h } from 'vue';

export default {
  extends: DefaultTheme,
  Layout: () =>
    h(DefaultTheme.Layout, null, {
      'nav-bar-content-before': () => [
        h('era-search'),
        h('era-search-trigger', { style: 'margin-inline-start: 1rem' }),
      ],
    }),
};
