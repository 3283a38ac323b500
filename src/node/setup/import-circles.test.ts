// No module of src/ or workers/ may import itself, directly or through others: type-only imports and `import()` count
// too. This test complements the import rules between rooms (.eslint.config.js).

import { readdirSync, readFileSync } from 'node:fs';
import { join, posix, sep } from 'node:path';
import ts from 'typescript';
import { expect, test } from 'vitest';
import { repositoryRoot } from './script.mjs';

/** Module → modules that it imports, as paths with slashes. */
type Graph = ReadonlyMap<string, readonly string[]>;

function modulesOf(...folders: readonly string[]): Graph {
  const files = folders.flatMap((folder) =>
    readdirSync(join(repositoryRoot, folder), { recursive: true, encoding: 'utf8' }).map(
      (name) => `${folder}/${name.replaceAll(sep, '/')}`,
    ),
  );
  const modules = files.filter((file) => /\.(?:ts|mjs)$/.test(file) && !file.endsWith('.d.ts'));
  return new Map(modules.map((file) => [file, importsOf(file, readFileSync(join(repositoryRoot, file), 'utf8'))]));
}

/** The relative imports of a file, without their queries. */
function importsOf(file: string, source: string): string[] {
  const { importedFiles } = ts.preProcessFile(source, true, true);
  return importedFiles.flatMap(({ fileName }) =>
    fileName.startsWith('.') ? [posix.join(posix.dirname(file), fileName.replace(/\?.*$/, ''))] : [],
  );
}

/** The shortest path from every module back to itself, each circle once. */
function circlesOf(graph: Graph): string[] {
  const circles = new Map<string, string>();
  for (const start of [...graph.keys()].sort()) {
    const way = wayBack(graph, start);
    const members = way?.toSorted().join();
    if (way && members !== undefined && !circles.has(members)) circles.set(members, [...way, start].join(' → '));
  }
  return [...circles.values()];
}

function wayBack(graph: Graph, start: string): string[] | null {
  const cameFrom = new Map<string, string>();
  const queue = [start];
  for (const at of queue) {
    for (const next of graph.get(at) ?? []) {
      if (next === start) {
        const way = [at];
        while (way[0] !== start) way.unshift(cameFrom.get(way[0]!)!);
        return way;
      }
      if (!graph.has(next) || cameFrom.has(next)) continue;
      cameFrom.set(next, at);
      queue.push(next);
    }
  }
  return null;
}

test('no module imports itself, directly or through others', () => {
  const graph = modulesOf('src', 'workers');
  expect(graph.size).toBeGreaterThan(300);
  expect(circlesOf(graph)).toEqual([]);
});

test('circles are found in every kind of import', () => {
  const graph = (sources: Readonly<Record<string, string>>): Graph =>
    new Map(Object.entries(sources).map(([file, source]) => [file, importsOf(file, source)]));
  for (const back of [
    "import { a } from '../a.ts';",
    "import type { A } from '../a.ts';",
    "export { a } from '../a.ts';",
    "export * from '../a.ts';",
    "const load = () => import('../a.ts');",
    "type A = import('../a.ts').A;",
    "import url from '../a.ts?worker&url';",
    "import '../a.ts';",
  ]) {
    expect(
      circlesOf(graph({ 'a.ts': "import { b } from './b/b.ts';", 'b/b.ts': back, 'c.ts': "import './a.ts';" })),
      back,
    ).toEqual(['a.ts → b/b.ts → a.ts']);
  }
  expect(circlesOf(graph({ 'a.ts': "import './a.ts';" }))).toEqual(['a.ts → a.ts']);
  expect(
    circlesOf(
      graph({ 'a.ts': "import './b.ts'; import './c.ts';", 'b.ts': "import './c.ts';", 'c.ts': '// import "./a.ts"' }),
    ),
  ).toEqual([]);
});
