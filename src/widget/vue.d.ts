// Types of the elements in Vue's templates: `import type {} from 'era-search/vue'` once.

import type { DefineComponent } from 'vue';
import type { EraSearchAttributes, EraSearchListeners, EraSearchTriggerAttributes } from './attributes.d.ts';

declare module 'vue' {
  interface GlobalComponents {
    'era-search': DefineComponent<EraSearchAttributes & EraSearchListeners>;
    'era-search-trigger': DefineComponent<EraSearchTriggerAttributes>;
  }
}

export type { EraSearchAttributes, EraSearchListeners, EraSearchTriggerAttributes };
