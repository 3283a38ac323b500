// Folders, commands and packages that the builds share. Everything lies in one work folder, and what was installed
// there stays for the next run.

import { execFile } from 'node:child_process';
import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const SOURCES = fileURLToPath(new URL('./sites', import.meta.url));
const run = promisify(execFile);
/** What a folder keeps from run to run. */
const INSTALLED: readonly string[] = [
  'node_modules',
  'package.json',
  'package-lock.json',
  'installed',
  'cargo',
  'target',
];

export interface Workshop {
  readonly folder: string;
  /** A folder of the generator with the files of `sites/NAME`; what an earlier run installed is kept. */
  readonly start: (name: string) => Promise<Bench>;
}

export interface Bench {
  readonly folder: string;
  readonly put: (file: string, text: string) => Promise<void>;
  readonly remove: (file: string) => Promise<void>;
  /** @returns what it printed, trimmed */
  readonly run: (command: string, args: readonly string[], env?: Readonly<Record<string, string>>) => Promise<string>;
  /** Installs exact versions; a program of theirs is then run by its name. */
  readonly npm: (packages: Readonly<Record<string, string>>) => Promise<void>;
  readonly python: (packages: Readonly<Record<string, string>>) => Promise<void>;
  readonly cargo: (name: string, version: string) => Promise<void>;
}

export function openWorkshop(folder: string): Workshop {
  return { folder, start: (name) => openBench(folder, name) };
}

async function openBench(workFolder: string, name: string): Promise<Bench> {
  const folder = join(workFolder, name);
  const paths = [join(folder, 'node_modules/.bin')];
  await mkdir(folder, { recursive: true });
  const old = (await readdir(folder)).filter((entry) => !INSTALLED.includes(entry));
  for (const entry of old) await rm(join(folder, entry), { recursive: true, force: true });
  if (existsSync(join(SOURCES, name))) await cp(join(SOURCES, name), folder, { recursive: true });
  const bench: Bench = {
    folder,
    put: async (file, text) => {
      await mkdir(dirname(join(folder, file)), { recursive: true });
      await writeFile(join(folder, file), text);
    },
    remove: (file) => rm(join(folder, file), { recursive: true, force: true }),
    run: async (command, args, env = {}) => {
      const path = [...paths, process.env['PATH'] ?? ''].join(delimiter);
      try {
        const { stdout } = await run(command, [...args], {
          cwd: folder,
          env: { ...process.env, NO_COLOR: '1', CI: '1', ...env, PATH: path },
          maxBuffer: 1e8,
        });
        return stdout.trim();
      } catch (error) {
        const { stdout, stderr } = error as { stdout?: string; stderr?: string };
        throw new Error(`${name}: ${command} ${args.join(' ')} failed.\n${(stdout ?? '').slice(-3000)}\n${(stderr ?? '').slice(-3000)}`, { cause: error }); // prettier-ignore
      }
    },
    npm: async (packages) => {
      const wanted = JSON.stringify({ private: true, dependencies: packages }, undefined, 2);
      if ((await readText(join(folder, 'package.json'))) === wanted && existsSync(join(folder, 'installed'))) return;
      await bench.put('package.json', wanted);
      await bench.run('npm', ['install', '--no-audit', '--no-fund']);
      await bench.put('installed', '');
    },
    python: async (packages) => {
      const wanted = Object.entries(packages).map(([name, version]) => `${name}==${version}`);
      // Outside the folder: a tool may refuse links that lead out of it.
      const venv = join(workFolder, 'python', name);
      paths.unshift(join(venv, 'bin'));
      if ((await readText(join(venv, 'installed'))) === wanted.join('\n')) return;
      await bench.run('python3', ['-m', 'venv', venv]);
      await bench.run(join(venv, 'bin/pip'), ['install', '--quiet', ...wanted]);
      await writeFile(join(venv, 'installed'), wanted.join('\n'));
    },
    cargo: async (name, version) => {
      const root = join(folder, 'cargo');
      paths.unshift(join(root, 'bin'));
      await bench.run('cargo', ['install', '--quiet', '--locked', '--root', root, `${name}@${version}`]);
    },
  };
  return bench;
}

async function readText(file: string): Promise<string | undefined> {
  return existsSync(file) ? await readFile(file, 'utf8') : undefined;
}
