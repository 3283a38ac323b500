// The engines of the benchmark: their names, the packages they need at exact versions, and the module of their page.

import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { compileWat } from '../../../src/math/wasm-kernels.mjs';

export interface EngineEntry {
  /** Name of its folder, for `--only`. */
  readonly key: string;
  /** Name in the table. */
  readonly name: string;
  readonly packages: readonly string[];
  /** The module of its page, in JavaScript; it calls `serve`. */
  readonly code: string;
}

/** The engine that others are compared with: what a page without a GPU uses. */
export const BASE_KEY = 'ours-wasm';

const pathOf = (file: string): string => JSON.stringify(fileURLToPath(new URL(`./page/${file}`, import.meta.url)));

function pageModule(from: string, imported: string, engine: string, imports = ''): string {
  return `${imports}
import { ${imported} } from ${pathOf(from)};
import { serve } from ${pathOf('serve.ts')};
serve(${engine});
`;
}

const ourModule = (imported: string, engine: string): string => pageModule('ours.ts', imported, engine);
const peerModule = (imported: string, engine: string, imports: string): string =>
  pageModule('peer-engines.ts', imported, engine, imports);

export async function listEngines(): Promise<readonly EngineEntry[]> {
  const kernel = await compileWat(await readFile(new URL('./read-bytes.wat', import.meta.url), 'utf8'));
  const edgevec = ['edgevec@0.9.0'];
  const pgvector = ['@electric-sql/pglite@0.5.14', '@electric-sql/pglite-pgvector@0.0.15'];
  const importPgvector = `import * as peer from '@electric-sql/pglite';\nimport { vector } from '@electric-sql/pglite-pgvector';`;
  return [
    ...(['wasm', 'js', 'webgpu'] as const).map((backend) => ({
      key: `ours-${backend}`,
      name: `era-search, int8, exact, ${backend}`,
      packages: [],
      code: ourModule('ours', `ours('${backend}')`),
    })),
    { key: 'loop', name: 'plain JavaScript loop, float32', packages: [], code: ourModule('plainLoop', 'plainLoop') },
    {
      key: 'read',
      name: 'WebAssembly loop that only reads the int8 bytes',
      packages: [],
      code: ourModule('readBytes', `readBytes('${kernel}')`),
    },
    {
      key: 'orama',
      name: 'Orama 3.1.18, exact',
      packages: ['@orama/orama@3.1.18'],
      code: peerModule('orama', 'orama(peer)', `import * as peer from '@orama/orama';`),
    },
    {
      key: 'client-vector-search',
      name: 'client-vector-search 0.2.0, exact',
      packages: ['client-vector-search@0.2.0'],
      code: peerModule(
        'clientVectorSearch',
        'clientVectorSearch(peer)',
        `import * as peer from 'client-vector-search';`,
      ),
    },
    {
      key: 'hnswlib',
      name: 'hnswlib-wasm 0.8.2, graph',
      packages: ['hnswlib-wasm@0.8.2'],
      code: peerModule('hnswlib', 'hnswlib(peer)', `import * as peer from 'hnswlib-wasm';`),
    },
    ...(['graph', 'binary'] as const).map((kind) => ({
      key: `edgevec-${kind}`,
      name: `EdgeVec 0.9.0, ${kind === 'graph' ? 'graph' : 'binary codes, scored again'}`,
      packages: edgevec,
      code: peerModule('edgeVec', `edgeVec(peer, '${kind}')`, `import * as peer from 'edgevec';`),
    })),
    {
      key: 'voy',
      name: 'voy 0.6.3, exact by a tree',
      packages: ['voy-search@0.6.3'],
      code: peerModule(
        'voy',
        'voy(peer, wasm)',
        `import * as peer from 'voy-search/voy_search_bg.js';\nimport wasm from 'voy-search/voy_search_bg.wasm?url';`,
      ),
    },
    {
      key: 'mememo',
      name: 'MeMemo 0.1.0, graph',
      packages: ['mememo@0.1.0'],
      code: peerModule('mememo', 'mememo(peer)', `import * as peer from 'mememo';`),
    },
    {
      key: 'localmode',
      name: 'LocalMode core 2.2.0, graph',
      packages: ['@localmode/core@2.2.0'],
      code: peerModule('localMode', 'localMode(peer)', `import * as peer from '@localmode/core';`),
    },
    ...(['exact', 'hnsw'] as const).map((kind) => ({
      key: `pglite-${kind}`,
      name: `PGlite 0.5.14 with pgvector, ${kind === 'exact' ? 'exact' : 'graph'}`,
      packages: pgvector,
      code: peerModule('pglite', `pglite(peer, vector, '${kind}')`, importPgvector),
    })),
  ];
}
