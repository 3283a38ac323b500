// Installs the package with every package manager and Node that docs/package.md names, indexes a small site with its
// command and searches it with its library. Needs the registry, so npm test does not run it. By hand, after "npm pack":
//
//   node e2e/package/try-package-managers.mjs [--only pnpm] [TARBALL]

import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const root = fileURLToPath(new URL('../../', import.meta.url));
const { values, positionals } = parseArgs({ options: { only: { type: 'string' } }, allowPositionals: true });
const tarball = resolve(root, positionals[0] ?? readdirSync(root).find((name) => name.endsWith('.tgz')) ?? '');
if (!tarball.endsWith('.tgz')) throw new Error('There is no tarball: run "npm pack", or name one.');

/** The package `node` installs one of these by a script; so it is taken at once. */
const nodeOf = (/** @type {string} */ nodeVersion) =>
  `npm:node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}@${nodeVersion}`;
/** What the tries use, as npm's dependencies. */
const TOOLS = {
  npm: '11.19.1',
  pnpm: '9.15.9',
  'pnpm-10': 'npm:pnpm@10.34.8',
  yarn: '1.22.22',
  berry: 'npm:@yarnpkg/cli-dist@4.18.1',
  'node-20': nodeOf('20.20.2'),
  'node-22': nodeOf('22.23.3'),
  'node-24': nodeOf('24.21.0'),
};

/** Settings of yarn 4. @huggingface/transformers imports onnxruntime-common and does not say so, which Plug'n'Play minds. */
const BERRY = {
  'yarn 4, node_modules': 'nodeLinker: node-modules',
  "yarn 4, Plug'n'Play": `nodeLinker: pnp
packageExtensions:
  '@huggingface/transformers@*':
    dependencies:
      onnxruntime-common: '*'`,
};

/**
 * @typedef {object} Try
 * @property {string} title
 * @property {keyof typeof TOOLS} node
 * @property {string} manager path below the tools' node_modules
 * @property {string[]} install
 * @property {string[]} command comes before `era-search`
 * @property {string[]} script comes before the name of a script
 * @property {Record<string, string>} [files] of the project
 */

/** @type {Try[]} */
const TRIES = [
  .../** @type {const} */ (['node-20', 'node-22', 'node-24']).map((node) => ({
    title: `npm, ${node}`,
    node,
    manager: 'npm/bin/npm-cli.js',
    install: ['install', '--no-audit', '--no-fund', './era-search.tgz'],
    command: ['exec', '--offline', '--'],
    script: ['exec', '--offline', '--', 'node'],
  })),
  .../** @type {const} */ (['pnpm', 'pnpm-10']).map((name) => ({
    title: name,
    node: /** @type {const} */ ('node-22'),
    manager: `${name}/bin/pnpm.cjs`,
    install: ['add', './era-search.tgz'],
    command: ['exec'],
    script: ['exec', 'node'],
  })),
  {
    title: 'yarn 1',
    node: 'node-22',
    manager: 'yarn/bin/yarn.js',
    install: ['add', 'file:./era-search.tgz'],
    command: ['--silent', 'run'],
    script: ['--silent', 'node'],
  },
  ...Object.entries(BERRY).map(([title, settings]) => ({
    title,
    node: /** @type {const} */ ('node-22'),
    manager: 'berry/bin/yarn.js',
    install: ['add', 'era-search@file:./era-search.tgz'],
    command: ['exec'],
    script: ['node'],
    files: { '.yarnrc.yml': `${settings}\nenableTelemetry: false\n`, 'yarn.lock': '' },
  })),
];

const SITE = {
  'site/index.html':
    '<!doctype html><html lang="en"><title>Home</title><main><h1>Home</h1><p>Written by three friends over the winter.</p></main>',
  'site/soil/index.html':
    '<!doctype html><html lang="en"><title>Soil</title><main><h1>Soil</h1><p>Compost makes earth loose and full of food for plants.</p></main>',
  'site/water/index.html':
    '<!doctype html><html lang="en"><title>Water</title><main><h1>Water</h1><p>Irrigate in the evening, when the sun is low.</p></main>',
};
/** No word of the question stands on the page that answers it: the model has to have read it. */
const SEARCH = `
import { openCollection } from 'era-search/node';
const collection = await openCollection('site', { url: 'https://example.com/era-search/' });
const { source, pages } = await collection.search('sprinkle my lawn at dusk').best();
await collection.close();
console.log('RESULT', JSON.stringify({ node: process.version, ranking: source.ranking, first: pages[0].url }));
`;

/**
 * @param {string} command
 * @param {string[]} args
 * @param {string} cwd
 * @param {string} [nodeFolder] comes first in PATH
 */
function run(command, args, cwd, nodeFolder) {
  const path = nodeFolder === undefined ? process.env['PATH'] : nodeFolder + delimiter + (process.env['PATH'] ?? '');
  const { status, stdout, stderr } = spawnSync(command, args, {
    cwd,
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
    // onnxruntime-node's install script would download GPU libraries
    env: { ...process.env, PATH: path, ONNXRUNTIME_NODE_INSTALL: 'skip', npm_config_yes: 'false', CI: '1' },
  });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${String(status)}:\n${stdout}\n${stderr}`);
  return stdout;
}

/** @param {string} to @param {Record<string, string>} files */
function write(to, files) {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(to, path)), { recursive: true });
    writeFileSync(join(to, path), content);
  }
}

const folder = mkdtempSync(join(tmpdir(), 'era-search-managers-'));
try {
  const tools = join(folder, 'tools');
  write(tools, { 'package.json': JSON.stringify({ private: true, dependencies: TOOLS }) });
  console.error('Fetching package managers and Node.');
  run('npm', ['install', '--no-audit', '--no-fund', '--loglevel=error'], tools);
  const tries = TRIES.filter(({ title }) => title.includes(values.only ?? ''));
  for (const [i, { title, node, manager, install, command, script, files = {} }] of tries.entries()) {
    const project = join(folder, `try-${String(i)}`);
    write(project, {
      'package.json': JSON.stringify({ name: 'try', version: '1.0.0', private: true, type: 'module' }),
      'search.mjs': SEARCH,
      ...SITE,
      ...files,
    });
    cpSync(tarball, join(project, 'era-search.tgz'));
    const nodeFolder = join(tools, 'node_modules', node, 'bin');
    const cli = join(tools, 'node_modules', manager);
    /** @param {string[]} args */
    const managed = (args) => run(join(nodeFolder, 'node'), [cli, ...args], project, nodeFolder);
    try {
      managed(install);
      managed([...command, 'era-search', 'index', '--site', 'site']);
      const result = /^RESULT (.*)$/m.exec(managed([...script, 'search.mjs']))?.[1] ?? 'no result';
      const ok = result.endsWith('"ranking":"hybrid","first":"https://example.com/water/"}');
      console.log(`${ok ? 'ok  ' : 'FAIL'} ${title}: ${result}`);
      if (!ok) process.exitCode = 1;
    } catch (error) {
      console.log(`FAIL ${title}: ${error instanceof Error ? error.message : String(error)}`);
      process.exitCode = 1;
    }
    rmSync(project, { recursive: true, force: true });
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
