// The custom-elements manifest of src/widget, which editors and catalogues read. It is made from the sources' doc
// comments.

import { readdirSync, readFileSync } from 'node:fs';
import { create, ts } from '@custom-elements-manifest/analyzer';
import { litPlugin } from '@custom-elements-manifest/analyzer/src/features/framework-plugins/lit/lit.js';

/** The script that defines the elements, in the package. */
const SCRIPT = 'dist/site/era-search.js';

/**
 * The elements with their public members.
 * @param {string} folder that of the elements' sources
 * @returns {import('custom-elements-manifest/schema').Package}
 */
export function elementManifest(folder) {
  const names = readdirSync(folder).filter((name) => name.endsWith('.ts') && !/\.(test|fixture|d)\.ts$/.test(name));
  const sources = names
    .sort()
    .map((name) => ts.createSourceFile(name, readFileSync(`${folder}/${name}`, 'utf8'), ts.ScriptTarget.ES2022, true));
  const { modules, ...manifest } = create({ modules: sources, plugins: litPlugin() });
  const elements = modules.flatMap(({ declarations = [] }) => declarations.filter(isElement));
  const declarations = elements.map(({ members = [], ...element }) => ({
    ...element,
    members: members.filter(({ privacy }) => privacy !== 'private'),
  }));
  const exports = elements.map(({ name, tagName }) => ({
    kind: /** @type {const} */ ('custom-element-definition'),
    name: tagName,
    declaration: { name, module: SCRIPT },
  }));
  return { ...manifest, modules: [{ kind: 'javascript-module', path: SCRIPT, declarations, exports }] };
}

/**
 * @param {import('custom-elements-manifest/schema').Declaration} declaration
 * @returns {declaration is import('custom-elements-manifest/schema').CustomElementDeclaration & { tagName: string }}
 */
function isElement(declaration) {
  return 'tagName' in declaration && typeof declaration.tagName === 'string';
}
