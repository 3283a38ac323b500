// The processes of a browser: started in a group of their own, found below another one, and ended.

import { spawn, type ChildProcess, type StdioOptions } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';

/** Starts a program with its own group, so that all that it starts can be ended with it. */
export function startGroup(
  program: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  stdio: StdioOptions,
): ChildProcess {
  const child = spawn(program, args, { env: { ...process.env, ...env }, stdio, detached: true });
  process.once('exit', () => killGroup(child));
  return child;
}

function killGroup({ pid }: ChildProcess): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL');
  } catch {
    // All have ended.
  }
}

/** Ends a group at once and waits for its first process. */
export async function endGroup(child: ChildProcess): Promise<void> {
  const exited = child.exitCode !== null || child.signalCode !== null ? null : once(child, 'exit');
  killGroup(child);
  await exited;
}

/** Ends all processes below this one whose command line matches, and waits until they are gone. */
export async function killBelow(ancestor: number, commandLine: RegExp): Promise<void> {
  const running = await processes();
  const isBelow = (pid: number): boolean => {
    const parent = running.get(pid)?.parent;
    return parent !== undefined && (parent === ancestor || isBelow(parent));
  };
  const found = [...running].filter(([pid, { line }]) => commandLine.test(line) && isBelow(pid)).map(([pid]) => pid);
  if (found.length === 0) throw new Error(`No process below ${String(ancestor)} matches ${String(commandLine)}.`);
  for (const pid of found) process.kill(pid, 'SIGKILL');
  for (;;) {
    const left = await processes();
    if (!found.some((pid) => left.has(pid))) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Those that run, by their ids, from Linux's /proc; those that have ended and are only not collected are left out. */
async function processes(): Promise<Map<number, { readonly parent: number; readonly line: string }>> {
  const ids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const read = ids.map(async (id) => {
    try {
      const [state, line] = await Promise.all([
        readFile(`/proc/${id}/stat`, 'utf8'),
        readFile(`/proc/${id}/cmdline`, 'utf8'),
      ]);
      const [, letter, parent] = /\) (\S) (\d+)/.exec(state)!;
      return letter === 'Z'
        ? []
        : [[Number(id), { parent: Number(parent), line: line.replaceAll('\0', ' ') }] as const];
    } catch {
      return []; // it ended meanwhile
    }
  });
  return new Map((await Promise.all(read)).flat());
}
