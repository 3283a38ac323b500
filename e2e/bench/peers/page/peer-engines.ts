// Other libraries as engines of the benchmark. Each function is given the library's module; the interfaces name only
// what is called. What a library keeps besides the vectors is as little as it allows.

import type { OpenEngine } from './serve.ts';

/** Neighbours of a node of a graph, and how many candidates are kept while it is built and searched. */
const GRAPH = { m: 16, efConstruction: 200, efSearch: 64 };
/** Rows that are given to a library at once. */
const BATCH = 1000;

function rowsOf(vectors: Float32Array<ArrayBuffer>, dims: number): Float32Array<ArrayBuffer>[] {
  return Array.from({ length: vectors.length / dims }, (_, row) => vectors.subarray(row * dims, (row + 1) * dims));
}

/** Calls `add` for every batch of rows. */
async function inBatches(
  vectors: Float32Array<ArrayBuffer>,
  dims: number,
  add: (rows: Float32Array<ArrayBuffer>[], first: number) => unknown,
): Promise<void> {
  const rows = rowsOf(vectors, dims);
  for (let first = 0; first < rows.length; first += BATCH) await add(rows.slice(first, first + BATCH), first);
}

interface OramaModule {
  readonly create: (options: object) => unknown;
  readonly insertMultiple: (db: unknown, documents: readonly object[], batch?: number) => unknown;
  readonly search: (db: unknown, options: object) => Promise<{ readonly hits: readonly { readonly id: string }[] }>;
}

/** Its threshold of similarity is set below every cosine: at its default of 0.8 most queries have no answer. */
export function orama({ create, insertMultiple, search }: OramaModule): OpenEngine {
  return async (vectors, dims) => {
    const db = create({ schema: { embedding: `vector[${dims}]` } });
    await inBatches(vectors, dims, (rows, first) =>
      insertMultiple(
        db,
        rows.map((row, i) => ({ id: String(first + i), embedding: Array.from(row) })),
        BATCH,
      ),
    );
    return {
      search: async (query, k) => {
        const vector = { value: query, property: 'embedding' };
        const { hits } = await search(db, { mode: 'vector', vector, similarity: -1, limit: k });
        return hits.map(({ id }) => Number(id));
      },
    };
  };
}

interface ClientVectorSearchModule {
  readonly EmbeddingIndex: new (objects: readonly object[]) => {
    readonly search: (
      query: readonly number[],
      options: object,
    ) => Promise<readonly { readonly object: { readonly id: number } }[]>;
  };
}

export function clientVectorSearch({ EmbeddingIndex }: ClientVectorSearchModule): OpenEngine {
  return (vectors, dims) => {
    const index = new EmbeddingIndex(rowsOf(vectors, dims).map((row, id) => ({ id, embedding: Array.from(row) })));
    return {
      search: async (query, k) =>
        (await index.search(Array.from(query), { topK: k, useStorage: 'none' })).map(({ object }) => object.id),
    };
  };
}

interface HnswlibModule {
  readonly loadHnswlib: () => Promise<{
    readonly HierarchicalNSW: new (
      space: string,
      dims: number,
      file: string,
    ) => {
      readonly initIndex: (rows: number, m: number, efConstruction: number, seed: number) => void;
      readonly setEfSearch: (ef: number) => void;
      readonly addPoints: (rows: readonly Float32Array[], labels: readonly number[], replace: boolean) => void;
      readonly searchKnn: (
        query: Float32Array,
        k: number,
        filter: undefined,
      ) => { readonly neighbors: readonly number[] };
    };
  }>;
}

export function hnswlib({ loadHnswlib }: HnswlibModule): OpenEngine {
  return async (vectors, dims) => {
    const { HierarchicalNSW } = await loadHnswlib();
    const index = new HierarchicalNSW('ip', dims, '');
    index.initIndex(vectors.length / dims, GRAPH.m, GRAPH.efConstruction, 100);
    await inBatches(vectors, dims, (rows, first) =>
      index.addPoints(
        rows,
        rows.map((_, i) => first + i),
        false,
      ),
    );
    index.setEfSearch(GRAPH.efSearch);
    return { search: (query, k) => index.searchKnn(query, k, undefined).neighbors };
  };
}

interface EdgeVecModule {
  readonly default: () => Promise<unknown>;
  readonly EdgeVecConfig: new (dims: number) => object;
  readonly EdgeVec: new (config: object) => {
    readonly enableBQ: () => void;
    readonly searchBQRescored: (query: Float32Array, k: number, factor: number) => readonly { readonly id: number }[];
    readonly insertBatchFlat: (vectors: Float32Array, count: number) => Uint32Array;
    readonly search: (query: Float32Array, k: number) => readonly { readonly id: number }[];
  };
}

/** Candidates for each result, as its documentation has it. */
const BINARY_FACTOR = 5;

/**
 * Its exact index takes only binary vectors from JavaScript in version 0.9.0, so that its graph is asked, and its binary
 * codes with a second score. By squared distance, which ranks vectors of unit length as the cosine does: this version ranks graphs by cosine the
 * wrong way round.
 */
export function edgeVec(
  { default: init, EdgeVecConfig, EdgeVec }: EdgeVecModule,
  kind: 'graph' | 'binary',
): OpenEngine {
  return async (vectors, dims) => {
    await init();
    const { m, efConstruction, efSearch } = GRAPH;
    const config = Object.assign(new EdgeVecConfig(dims), {
      metric: 'l2',
      m,
      m0: 2 * m,
      ef_construction: efConstruction,
      ef_search: efSearch,
    });
    const index = new EdgeVec(config);
    const rowOf = new Map<number, number>();
    await inBatches(vectors, dims, (rows, first) => {
      const all = vectors.subarray(first * dims, (first + rows.length) * dims);
      index.insertBatchFlat(all, rows.length).forEach((id, i) => rowOf.set(id, first + i));
    });
    if (kind === 'binary') index.enableBQ();
    return {
      search: (query, k) => {
        const hits = kind === 'graph' ? index.search(query, k) : index.searchBQRescored(query, k, BINARY_FACTOR);
        return hits.map(({ id }) => rowOf.get(id)!);
      },
    };
  };
}

interface VoyModule {
  readonly __wbg_set_wasm: (exports: WebAssembly.Exports) => void;
  readonly Voy: new (resource: { readonly embeddings: readonly object[] }) => {
    readonly search: (query: Float32Array, k: number) => { readonly neighbors: readonly { readonly id: string }[] };
  };
}

/** @param wasm address of its WebAssembly, which it imports in a way that pages do not have */
export function voy(module: VoyModule, wasm: string): OpenEngine {
  return async (vectors, dims) => {
    const { instance } = await WebAssembly.instantiateStreaming(fetch(wasm), {
      './voy_search_bg.js': module as unknown as WebAssembly.ModuleImports,
    });
    module.__wbg_set_wasm(instance.exports);
    const embeddings = rowsOf(vectors, dims).map((row, id) => ({
      id: String(id),
      title: '',
      url: '',
      embeddings: Array.from(row),
    }));
    const index = new module.Voy({ embeddings });
    return { search: (query, k) => index.search(query, k).neighbors.map(({ id }) => Number(id)) };
  };
}

interface MememoModule {
  readonly HNSW: new (options: object) => {
    readonly bulkInsert: (keys: readonly string[], values: readonly (readonly number[])[]) => Promise<void>;
    readonly query: (value: readonly number[], k: number, ef: number) => Promise<{ readonly keys: readonly string[] }>;
  };
}

export function mememo({ HNSW }: MememoModule): OpenEngine {
  return async (vectors, dims) => {
    const { m, efConstruction, efSearch } = GRAPH;
    const index = new HNSW({ distanceFunction: 'cosine-normalized', m, efConstruction, useIndexedDB: false });
    await inBatches(vectors, dims, (rows, first) =>
      index.bulkInsert(
        rows.map((_, i) => String(first + i)),
        rows.map((row) => Array.from(row)),
      ),
    );
    return { search: async (query, k) => (await index.query(Array.from(query), k, efSearch)).keys.map(Number) };
  };
}

interface LocalModeModule {
  readonly createVectorDB: (options: object) => Promise<{
    readonly addMany: (documents: readonly object[]) => Promise<unknown>;
    readonly search: (query: Float32Array, options: object) => Promise<readonly { readonly id: string }[]>;
  }>;
}

/** Written from its documentation: no registry had the package when this was written, so that it has never run. */
export function localMode({ createVectorDB }: LocalModeModule): OpenEngine {
  return async (vectors, dims) => {
    const db = await createVectorDB({ name: 'bench', dimensions: dims, storage: 'memory' });
    await inBatches(vectors, dims, (rows, first) =>
      db.addMany(rows.map((row, i) => ({ id: String(first + i), vector: row.slice() }))),
    );
    return { search: async (query, k) => (await db.search(query, { k })).map(({ id }) => Number(id)) };
  };
}

interface PgliteModule {
  readonly PGlite: {
    readonly create: (options: object) => Promise<{
      readonly exec: (sql: string) => Promise<unknown>;
      readonly query: (
        sql: string,
        values: readonly unknown[],
        options?: object,
      ) => Promise<{ readonly rows: readonly { readonly id: number }[] }>;
    }>;
  };
}

/** @param vector the extension pgvector */
export function pglite({ PGlite }: PgliteModule, vector: object, kind: 'exact' | 'hnsw'): OpenEngine {
  return async (vectors, dims) => {
    const db = await PGlite.create({ extensions: { vector } });
    await db.exec(`CREATE EXTENSION vector; CREATE TABLE passages (id int, embedding vector(${dims}))`);
    await inBatches(vectors, dims, (rows, first) => {
      const lines = rows.map((row, i) => `${first + i}\t[${row.join(',')}]\n`);
      return db.query("COPY passages FROM '/dev/blob'", [], { blob: new Blob(lines) });
    });
    const { m, efConstruction, efSearch } = GRAPH;
    if (kind === 'hnsw')
      await db.exec(
        `CREATE INDEX ON passages USING hnsw (embedding vector_ip_ops) WITH (m = ${m}, ef_construction = ${efConstruction}); SET hnsw.ef_search = ${efSearch}`,
      );
    return {
      search: async (query, k) => {
        const { rows } = await db.query('SELECT id FROM passages ORDER BY embedding <#> $1 LIMIT $2', [
          `[${query.join(',')}]`,
          k,
        ]);
        return rows.map(({ id }) => id);
      },
    };
  };
}
