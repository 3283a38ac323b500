// Links in the documents lead to existing targets, and code and documents use the words of docs/glossary.md.

import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { globSync } from 'tinyglobby';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const files = (...patterns: readonly string[]): string[] => globSync(patterns, { cwd: root, absolute: true });
const documents = files('*.md', 'docs/**/*.md', 'src/**/*.md');
const read = (path: string): string => readFileSync(path, 'utf8');
const proseOf = (markdown: string): string => markdown.replace(/```[\s\S]*?```/g, '');

/** The anchors that hosts make from headings. */
function anchorsOf(markdown: string): string[] {
  return Array.from(proseOf(markdown).matchAll(/^#+ (.+)$/gm), ([, heading]) =>
    heading!
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .trim()
      .replace(/\s/g, '-'),
  );
}

test('there are documents', () => {
  expect(documents.map((path) => relative(root, path))).toEqual(
    expect.arrayContaining(['README.md', 'CONTRIBUTING.md', 'SECURITY.md', 'docs/glossary.md', 'src/ARCHITECTURE.md']),
  );
});

test.each(documents.map((path) => [relative(root, path), path]))('every link of %s leads somewhere', (_, path) => {
  const text = read(path);
  const links = Array.from(proseOf(text).matchAll(/\]\(([^)\s]+)\)/g), ([, target]) => target!).filter(
    (target) => !/^(?:https?|mailto):/.test(target),
  );
  const broken = links.filter((target) => {
    const [file, anchor] = target.split('#');
    const place = file === '' ? path : join(dirname(path), file!);
    return !existsSync(place) || (anchor !== undefined && !anchorsOf(read(place)).includes(anchor));
  });
  expect(broken).toEqual([]);
});

test('names that the glossary gives exist in the code', () => {
  const code = files('{src,workers}/**/*.ts').map(read).join('\n');
  const named = Array.from(read(join(root, 'docs/glossary.md')).matchAll(/^\|.*\|([^|]+)\|$/gm), ([, cell]) =>
    Array.from(cell!.matchAll(/`([^`]+)`/g), ([, name]) => name!),
  ).flat();
  expect(named.length).toBeGreaterThan(20);
  const missing = named.filter((name) =>
    name.includes('/')
      ? !existsSync(join(root, name))
      : name.split('.').some((word) => !new RegExp(`\\b${word}\\b`).test(code)),
  );
  expect(missing).toEqual([]);
});

test('words that the glossary replaces are not used', () => {
  const glossary = join(root, 'docs/glossary.md');
  const [, section] = read(glossary).split('## Words that are not used');
  const words = Array.from(section!.matchAll(/^\| (\w+) \|/gm), ([, word]) => word!).filter((word) => word !== 'not');
  expect(words.length).toBeGreaterThan(5);
  const old = new RegExp(`\\b(?:${words.join('|')})(?:s|y|ly)?\\b`, 'i');
  const places = files('{src,workers,docs}/**/*.{ts,mjs,md}')
    .filter((path) => path !== glossary)
    .flatMap((path) =>
      read(path)
        .split('\n')
        .flatMap((line, i) => (old.test(line) ? [`${relative(root, path)}:${String(i + 1)} ${line.trim()}`] : [])),
    );
  expect(places).toEqual([]);
});
