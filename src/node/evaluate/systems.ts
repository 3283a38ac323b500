// The methods that can be measured, in the order of a report, with their display names.

export interface MethodInfo {
  readonly title: string;
  /**
   * `labels`: one row for each ratio of labels above 0. `none`: one row. `both`: a row without labels and one for each
   * ratio.
   */
  readonly uses: 'none' | 'labels' | 'both';
  /** `remote`, `local`: on this path only. `any`: on each requested path. */
  readonly paths: 'remote' | 'local' | 'any';
  /** Its source, in a few words. */
  readonly source: string;
}

export const METHODS = {
  small: { title: 'small model', uses: 'none', paths: 'local', source: 'no adapter' },
  'small-instruct': { title: 'small model with instruction', uses: 'none', paths: 'local', source: 'ERA’s baseline' },
  keyword: { title: 'keywords', uses: 'none', paths: 'local', source: 'BM25, src/lexical' },
  static: {
    title: 'static',
    uses: 'none',
    paths: 'local',
    source: 'a table of words, fitted to the passages, src/encode/static',
  },
  'hybrid-static': {
    title: 'hybrid, static',
    uses: 'none',
    paths: 'local',
    source: 'the first answer of a first visit, src/search/FUSION.md',
  },
  hybrid: { title: 'hybrid, small model', uses: 'none', paths: 'local', source: 'src/search/FUSION.md' },
  'hybrid-rrf': {
    title: 'hybrid, reciprocal ranks',
    uses: 'none',
    paths: 'local',
    source: 'Cormack, Clarke, Büttcher 2009, k = 60',
  },
  'hybrid-linear': {
    title: 'hybrid, half and half',
    uses: 'none',
    paths: 'local',
    source: '0.5 / 0.5 by the best score, as Orama',
  },
  'era-align': { title: 'ERA, aligned only', uses: 'none', paths: 'remote', source: 'arXiv 2604.03403, stage 1' },
  'era-labels': {
    title: 'ERA, labels only',
    uses: 'labels',
    paths: 'remote',
    source: 'arXiv 2604.03403, stage 2 from a random map',
  },
  era: { title: 'ERA', uses: 'both', paths: 'remote', source: 'arXiv 2604.03403, both stages, one general adapter' },
  'era-domain': {
    title: 'ERA, an adapter for each domain',
    uses: 'both',
    paths: 'remote',
    source: 'arXiv 2604.03403, “only domain”',
  },
  'era-lodo': {
    title: 'ERA, domain left out',
    uses: 'both',
    paths: 'remote',
    source: 'arXiv 2604.03403, “out of domain”',
  },
  'align-ridge': { title: 'centred ridge', uses: 'none', paths: 'remote', source: 'Hoerl & Kennard 1970' },
  'align-procrustes': {
    title: 'centred orthogonal Procrustes',
    uses: 'none',
    paths: 'remote',
    source: 'Schönemann 1966',
  },
  'align-whitened': {
    title: 'whitened cross-covariance',
    uses: 'none',
    paths: 'remote',
    source: 'C_xx^−½ C_xy C_yy^−½',
  },
  'align-scores': { title: 'teacher’s scores', uses: 'none', paths: 'remote', source: 'least squares on X Xᵀ' },
  'drift-procrustes': {
    title: 'Drift-Adapter, orthogonal',
    uses: 'none',
    paths: 'remote',
    source: 'arXiv 2509.23471, OP',
  },
  'drift-low-rank': { title: 'Drift-Adapter, low rank', uses: 'none', paths: 'remote', source: 'arXiv 2509.23471, LA' },
  'drift-mlp': { title: 'Drift-Adapter, MLP', uses: 'none', paths: 'remote', source: 'arXiv 2509.23471, residual MLP' },
  'search-adaptor': { title: 'Search-Adaptor', uses: 'labels', paths: 'local', source: 'arXiv 2310.08750' },
  'chroma-triplet': {
    title: 'Chroma’s adapter, triplet loss',
    uses: 'labels',
    paths: 'local',
    source: 'Sanjeev & Troynikov 2024',
  },
  'chroma-mse': {
    title: 'Chroma’s adapter, squared error',
    uses: 'labels',
    paths: 'local',
    source: 'Sanjeev & Troynikov 2024',
  },
  'anchored-infonce': {
    title: 'anchored InfoNCE',
    uses: 'labels',
    paths: 'any',
    source: 'InfoNCE + λ‖W − W₀‖² (after arXiv 2410.05270)',
  },
  'closed-form': { title: 'closed form', uses: 'both', paths: 'any', source: 'src/adapter/METHOD.md' },
  'hybrid-closed-form': {
    title: 'hybrid, closed form',
    uses: 'both',
    paths: 'any',
    source: 'src/search/FUSION.md on the closed form',
  },
} as const satisfies Record<string, MethodInfo>;

export type Method = keyof typeof METHODS;

/** A run that was made elsewhere, named by its tag. */
export type RunMethod = `run:${string}`;

export function methodInfo(method: Method | RunMethod): MethodInfo {
  if (isRunMethod(method))
    return { title: method.slice('run:'.length), uses: 'none', paths: 'local', source: 'a run made elsewhere' };
  return METHODS[method];
}

function isRunMethod(method: Method | RunMethod): method is RunMethod {
  return method.startsWith('run:');
}

export const METHOD_NAMES = Object.keys(METHODS) as readonly Method[];

/** Methods that are measured where no list is given. */
export const DEFAULT_METHODS: readonly Method[] = ['small', 'small-instruct', 'era-align', 'era', 'closed-form'];
