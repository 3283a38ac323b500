// The API reference, made by TypeDoc of the doc comments of every public name. A name without a comment, or one that a
// signature mentions and nobody can import, is an error.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { typedSources } from './declarations.mjs';
import { readJson } from './read-json.mjs';

/** `<era-search>` has its own reference, src/widget/ELEMENT.md and custom-elements.json, held by tests. */
const ELSEWHERE = ['./element'];
/** Whose keys are a public type; what they hold is said there. */
const LISTS = ['TRAINERS'];
/**
 * What TypeDoc asks a comment of, by its name for the kind. Not of properties: fields of a type that is written where
 * it is used count as such too, and the comment of what they are fields of says what they are.
 */
const DOCUMENTED = [
  'Module',
  'Enum',
  'EnumMember',
  'Variable',
  'Function',
  'Class',
  'Interface',
  'TypeAlias',
  'Method',
  'Accessor',
];

/**
 * Writes TypeDoc's options to a file below dist.
 * @param {string} root
 * @returns {string} its path
 */
export function writeReferenceOptions(root) {
  const packageJson = /** @type {import('./declarations.mjs').PackageJson} */ (readJson(join(root, 'package.json')));
  const entries = typedSources(packageJson).filter(({ name }) => !ELSEWHERE.includes(name));
  const files = entries.map(({ source }) => `../${source}`);
  const tsconfig = join(root, 'dist/reference.tsconfig.json');
  const options = join(root, 'dist/reference.typedoc.json');
  mkdirSync(join(root, 'dist'), { recursive: true });
  writeFileSync(
    tsconfig,
    JSON.stringify({
      extends: '../tsconfig.json',
      compilerOptions: { types: ['node', '@webgpu/types', 'vite/client'], allowJs: true, isolatedDeclarations: false },
      files,
      include: [],
    }),
  );
  writeFileSync(
    options,
    JSON.stringify({
      name: 'era-search',
      entryPoints: files,
      tsconfig,
      out: './docs',
      readme: 'none',
      disableSources: true,
      excludePrivate: true,
      excludeInternal: true,
      validation: { notExported: true, invalidLink: true, notDocumented: true },
      requiredToBeDocumented: DOCUMENTED,
      intentionallyNotExported: LISTS,
      treatWarningsAsErrors: true,
      treatValidationWarningsAsErrors: true,
      logLevel: 'Warn',
    }),
  );
  return options;
}
