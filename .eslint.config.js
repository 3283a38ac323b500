// Strict, type-checked lint with no warnings, and the import rule between rooms (src/ARCHITECTURE.md).

import tseslint from 'typescript-eslint';

const base = ['abort', 'errors', 'space'];
/** Maps a room to the rooms and root files of src/ that it may import, besides itself. Type-only imports count too. */
const mayImport = {
  math: ['errors'],
  format: [...base, 'math'],
  transfer: [...base, 'digest', 'progress', 'format'],
  store: [...base, 'digest', 'progress', 'math', 'format'],
  scan: [...base, 'device', 'math'],
  encode: [...base, 'device', 'role', 'math', 'format', 'transfer'],
  query: [...base, 'lru-cache', 'role', 'math'],
  analysis: [...base, 'lru-cache', 'format'],
  lexical: [...base, 'math', 'analysis'],
  evaluate: [...base, 'math'],
  labels: [...base, 'math', 'evaluate'],
  adapter: [...base, 'group-by', 'pause', 'math', 'format', 'evaluate'],
  era: [...base, 'device', 'pause', 'math', 'format', 'adapter'],
  lab: [...base, 'pause', 'math', 'evaluate', 'adapter', 'era'],
  text: [...base, 'format', 'evaluate'],
  offline: [],
  build: [...base, 'digest', 'pause', 'math', 'format', 'text', 'analysis', 'lexical'],
  search: [
    ...base,
    'digest',
    'group-by',
    'lru-cache',
    'math',
    'format',
    'transfer',
    'encode',
    'scan',
    'analysis',
    'lexical',
  ],
  backend: [...base, 'search'],
  extension: [...base, 'math', 'analysis', 'encode', 'search', 'adapter'],
  rpc: [
    ...base,
    'device',
    'progress',
    'role',
    'trusted-types',
    'math',
    'format',
    'build',
    'store',
    'encode',
    'query',
    'adapter',
    'scan',
    'evaluate',
    'search',
  ],
  engine: [
    ...base,
    'answer',
    'options',
    'device',
    'progress',
    'role',
    'lru-cache',
    'math',
    'format',
    'build',
    'store',
    'encode',
    'query',
    'adapter',
    'evaluate',
    'search',
    'transfer',
    'rpc',
  ],
  widget: ['index'],
  workbench: ['index', 'evaluate', 'labels', 'transfer', 'widget'],
  node: [
    ...base,
    'answer',
    'options',
    'digest',
    'progress',
    'role',
    'group-by',
    'lru-cache',
    'math',
    'format',
    'text',
    'build',
    'encode',
    'query',
    'scan',
    'analysis',
    'lexical',
    'transfer',
    'search',
    'evaluate',
    'adapter',
    'era',
    'lab',
    'extension',
  ],
};
/** What a worker may import. ERA is loaded with `import()` on demand, which the rule does not restrict. */
const workersMayImport = [
  ...base,
  'digest',
  'pause',
  'math',
  'format',
  'text',
  'build',
  'store',
  'encode',
  'scan',
  'search',
  'transfer',
  'evaluate',
  'adapter',
  'extension',
  'rpc',
  'offline/offline-rules',
];

const OUTSIDE = {
  engine: {
    but: '(?!workers/[a-z]+\\.worker\\.ts\\?worker&url$)',
    hint: ', and of workers only their addresses: what is said to them is in rpc',
  },
  node: { but: '(?!package\\.json$)', hint: ' but package.json' },
};

const onlyFor = { ignores: ['**/*.test.ts', '**/*-for-test.ts'] };
const restricted = (patterns) => ({ '@typescript-eslint/no-restricted-imports': ['error', { patterns }] });
const notOn = (list) => `(?!(?:${list.join('|')})(?:/|\\.ts))`;

/**
 * An import leaves the room of a file `depth` folders below src/ with exactly `depth` steps up; more steps leave src/.
 */
function roomRule(room, allowed, depth, files) {
  const message = `src/${room} may import only: ${allowed.join(', ')}.`;
  const up = depth === 0 ? '\\./' : `(?:\\.\\./){${depth}}`;
  const outside = OUTSIDE[room] ?? { but: '', hint: '' };
  return {
    ...onlyFor,
    files: [files],
    rules: restricted([
      { regex: `^${up}(?!\\.\\./)${notOn([...allowed, room])}`, message },
      {
        regex: `^(?:\\.\\./){${depth + 1}}(?!\\.\\./)${outside.but}`,
        message: `${message} Nothing outside src${outside.hint}.`,
      },
    ]),
  };
}

const roomRules = [
  ...Object.entries(mayImport).flatMap(([room, allowed]) =>
    [1, 2, 3, 4].map((depth) => roomRule(room, allowed, depth, `src/${room}/${'*/'.repeat(depth - 1)}*.ts`)),
  ),
  roomRule('engine', mayImport.engine, 0, 'src/engine.ts'),
  {
    ...onlyFor,
    files: ['workers/*.ts'],
    rules: restricted([
      {
        regex: `^\\.\\./${notOn(workersMayImport.map((place) => `src/${place}`))}`,
        message: `A worker may import only: ${workersMayImport.join(', ')}; ERA by import() alone.`,
      },
    ]),
  },
];

const banned = [
  {
    selector: 'AssignmentExpression > MemberExpression.left[property.name=/^(innerHTML|outerHTML)$/]',
    message: 'Text is text: use text nodes.',
  },
  {
    selector:
      "CallExpression > MemberExpression.callee[property.name=/^(insertAdjacentHTML|write|writeln)$/][object.name='document']",
    message: 'Text is text.',
  },
  {
    selector: 'CallExpression > MemberExpression.callee[property.name=/^(dataSync|arraySync|bufferSync)$/]',
    message: 'Returns zeros on WebGPU and kills the device: use the async form.',
  },
];

export default tseslint.config(
  {
    ignores: [
      'dist/**',
      'node_modules/**',
      'public/**',
      '.cache/**',
      'test-results/**',
      'playwright-report/**',
      'e2e/generators/sites/**', // each for its generator, whose packages are not here
    ],
  },
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: {
      parserOptions: {
        project: ['tsconfig.json', 'workers/tsconfig.json', 'src/node/tsconfig.json', 'e2e/tsconfig.json'],
        tsconfigRootDir: import.meta.dirname,
      },
    },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      // Typed arrays are indexed in counted loops: `!` states what the loop bound proves and costs nothing at run time.
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/explicit-module-boundary-types': 'error',
      '@typescript-eslint/no-unnecessary-condition': ['error', { allowConstantLoopConditions: true }],
      eqeqeq: 'error',
      'no-eval': 'error',
      'no-new-func': 'error',
      'max-lines': ['error', { max: 400, skipBlankLines: true, skipComments: true }],
      'no-restricted-syntax': ['error', ...banned],
    },
  },
  {
    files: ['src/node/**/*.{ts,mjs}'],
    rules: {
      'no-restricted-globals': ['error', 'document', 'window', 'indexedDB', 'localStorage', 'location', 'navigator'],
    },
  },
  {
    // Only src/transfer fetches files, with progress, abort and time limits. The query client, backends and Node's
    // commands make requests of other kinds.
    files: ['src/**/*.ts', 'workers/*.ts'],
    ignores: [
      'src/transfer/**',
      'src/query/**',
      'src/backend/**',
      'src/node/**',
      '**/*.test.ts',
      'workers/service-worker.ts',
    ],
    rules: {
      'no-restricted-globals': ['error', { name: 'fetch', message: 'Files come by src/transfer/download.ts.' }],
    },
  },
  { files: ['**/*.mjs', '**/*.js'], rules: { '@typescript-eslint/explicit-module-boundary-types': 'off' } },
  {
    files: ['**/*.test.ts', 'e2e/**/*.ts'],
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/explicit-module-boundary-types': 'off',
    },
  },
  ...roomRules,
);
