import type { Mutant } from '../mutant.ts';

export const widget: readonly Mutant[] = [
  {
    id: 'focus-lost',
    file: 'modal.ts',
    find: `
    if (this.#opener?.isConnected) this.#opener.focus({ preventScroll: true });`,
    replace: '',
    breaks: 'Closing the dialog leaves the keyboard at the top of the page.',
  },
  {
    id: 'active-option-untold',
    file: 'view/panel.ts',
    find: `
      aria-activedescendant=\${activeIndex >= 0 ? \`option-\${activeIndex}\` : nothing}`,
    replace: '',
    breaks: 'A screen reader does not say which result the arrow keys have reached.',
  },
  {
    id: 'stale-answer-shown',
    file: 'search-run.ts',
    find: `
        if (abort.signal.aborted) return null;
        best = answer;`,
    replace: `
        best = answer;`,
    breaks: 'An answer to an earlier question replaces that to the last one.',
  },
  {
    id: 'repeated-key-taken',
    file: 'shortcut-keys.ts',
    find: `isComposingKey(event) || event.repeat) return;`,
    replace: `isComposingKey(event)) return;`,
    breaks: 'A shortcut that is held down opens and closes the search all the time.',
  },
  {
    id: 'composition-of-safari',
    file: 'field-keys.ts',
    find: ` || event.keyCode === 229`,
    replace: '',
    breaks: 'In Safari the Enter that ends a composition opens a result.',
  },
  {
    id: 'recent-twice',
    file: 'recent-searches.ts',
    find: `...this.#queries.filter((other) => other !== text)`,
    replace: `...this.#queries`,
    breaks: 'A query that is asked again is in the list of recent searches twice.',
  },
  {
    id: 'extension-of-any-origin',
    file: 'settings.ts',
    find: `/^https?:$/.test(protocol) && [location.origin, new URL(home).origin].includes(origin)`,
    replace: `/^https?:$/.test(protocol)`,
    breaks: 'An attribute brings a script of any origin into the page.',
  },
  {
    id: 'moved-element-closed',
    file: 'shared-site.ts',
    find: `
    clearTimeout(site.#closeTimer);`,
    replace: '',
    breaks: 'An element that is moved in the page loses its engine two seconds later.',
  },
];
