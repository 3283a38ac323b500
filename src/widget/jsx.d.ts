// Types of the elements in React's JSX: `import type {} from 'era-search/jsx'` once. Other JSX frameworks can put the
// two interfaces of attributes.d.ts into their own IntrinsicElements.

import type { DetailedHTMLProps, HTMLAttributes } from 'react';
import type { EraSearchAttributes, EraSearchListeners, EraSearchTriggerAttributes } from './attributes.d.ts';

type Props = DetailedHTMLProps<HTMLAttributes<HTMLElement>, HTMLElement>;

declare module 'react' {
  namespace JSX {
    interface IntrinsicElements {
      'era-search': Omit<Props, keyof EraSearchAttributes> & EraSearchAttributes & EraSearchListeners;
      'era-search-trigger': Omit<Props, keyof EraSearchTriggerAttributes> & EraSearchTriggerAttributes;
    }
  }
}

export type { EraSearchAttributes, EraSearchListeners, EraSearchTriggerAttributes };
