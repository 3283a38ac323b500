// Strict, type-checked lint with no warnings, and the import rule between rooms (src/ARCHITECTURE.md).

import tseslint from 'typescript-eslint';

const base = ['errors', 'space'];
/** room → rooms and root files it may import, besides itself */
const mayImport = {
  math: ['errors'],
  format: [...base, 'math'],
  scan: [...base, 'math', 'encode/encoder'],
  store: [...base, 'math', 'format'],
  encode: [...base, 'math'],
  query: [...base, 'math'],
  lexical: [...base, 'math'],
  evaluate: [...base, 'math'],
  labels: [...base, 'math', 'evaluate'],
  adapter: [...base, 'math', 'format', 'evaluate'],
  text: [...base, 'format', 'evaluate'],
  retrieve: [...base, 'math'],
  rpc: [...base, 'math', 'format', 'store', 'encode', 'query', 'adapter', 'scan', 'evaluate', 'retrieve'],
  page: ['index'],
  playground: ['index', 'page'],
  widget: ['index'],
  site: ['index', 'widget', 'page'],
};

const roomRules = Object.entries(mayImport).map(([room, allowed]) => ({
  files: [`src/${room}/**/*.ts`],
  ignores: ['**/*.test.ts'],
  rules: {
    '@typescript-eslint/no-restricted-imports': [
      'error',
      {
        patterns: [
          {
            // Leaves the room (any number of ../ that ends at src/) for a place that is not on its list.
            regex: `^(?:\\.\\./)+(?!(?:${[...allowed, room].join('|')})(?:/|\\.ts|$))(?=(?:errors|space|options|engine|index|math|format|store|encode|query|adapter|scan|lexical|retrieve|evaluate|labels|text|rpc|widget|site|node|page|playground)(?:/|\\.ts))`,
            message: `src/${room} may import only: ${allowed.join(', ')}.`,
          },
        ],
      },
    ],
  },
}));

const banned = [
  { selector: "AssignmentExpression > MemberExpression.left[property.name=/^(innerHTML|outerHTML)$/]", message: 'Text is text: use text nodes.' },
  { selector: "CallExpression > MemberExpression.callee[property.name=/^(insertAdjacentHTML|write|writeln)$/][object.name='document']", message: 'Text is text.' },
  { selector: "CallExpression > MemberExpression.callee[property.name=/^(dataSync|arraySync|bufferSync)$/]", message: 'Returns zeros on WebGPU and kills the device: use the async form.' },
];

export default tseslint.config(
  { ignores: ['dist/**', 'node_modules/**', 'public/**', '.cache/**', 'test-results/**', 'playwright-report/**'] },
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
      // Indexing typed arrays in counted loops: `!` states what the loop bound proves, and costs nothing at run time.
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/explicit-module-boundary-types': 'error',
      '@typescript-eslint/no-unnecessary-condition': ['error', { allowConstantLoopConditions: true }],
      eqeqeq: 'error',
      'no-eval': 'error',
      'no-new-func': 'error',
      'max-lines': ['error', { max: 350 }],
      'no-restricted-syntax': ['error', ...banned],
    },
  },
  {
    files: ['src/node/**/*.{ts,mjs}'],
    rules: { 'no-restricted-globals': ['error', 'document', 'window', 'indexedDB', 'localStorage', 'location', 'navigator'] },
  },
  { files: ['**/*.mjs', '**/*.js'], rules: { '@typescript-eslint/explicit-module-boundary-types': 'off' } },
  { files: ['**/*.test.ts', 'e2e/**/*.ts'], rules: { '@typescript-eslint/no-floating-promises': 'error', '@typescript-eslint/explicit-module-boundary-types': 'off' } },
  ...roomRules,
);
