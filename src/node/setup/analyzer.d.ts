// Types of exports of the custom-elements analyzer that its own types lack.

import type { Package } from 'custom-elements-manifest/schema';
import type { Plugin } from '@custom-elements-manifest/analyzer';

declare module '@custom-elements-manifest/analyzer' {
  const ts: typeof import('typescript');
  function create(options: {
    readonly modules: readonly import('typescript').SourceFile[];
    readonly plugins: readonly Plugin[];
  }): Package;
}
