import { spawn, type ChildProcess } from 'node:child_process';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import process from 'node:process';
import { expect, onTestFinished, test } from 'vitest';
import { folderForTest } from './folder-for-test.ts';
import { repositoryRoot } from './script.mjs';

const setup = join(repositoryRoot, 'src/node/setup');

function startNode(args: readonly string[]): {
  child: ChildProcess;
  ended: Promise<{ code: number | null; output: string }>;
  says: (text: string) => Promise<void>;
} {
  const child = spawn(process.execPath, args, { cwd: folderForTest() });
  onTestFinished(() => void child.kill('SIGKILL'));
  let output = '';
  const waiting: (() => void)[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      for (const check of waiting) check();
    });
  }
  const ended = new Promise<{ code: number | null; output: string }>((resolve) =>
    child.once('close', (code) => resolve({ code, output })),
  );
  const says = (text: string): Promise<void> =>
    new Promise((resolve) => {
      const check = (): void => {
        if (output.includes(text)) resolve();
      };
      waiting.push(check);
      check();
    });
  return { child, ended, says };
}

/** A script that runs a tool until it is stopped. */
function longScript(main: string): string {
  const folder = folderForTest({
    'long.mjs': `
      import { runScript } from ${JSON.stringify(join(setup, 'script.mjs'))};
      import { runTool } from ${JSON.stringify(join(setup, 'run-tool.mjs'))};
      await runScript(${main});`,
  });
  return join(folder, 'long.mjs');
}

const RUNS_A_TOOL = `async (args, { signal, root }) => {
  await runTool(process.execPath, ['-e', 'console.log("tool " + process.pid); setInterval(() => 0, 1000)'], { cwd: root, signal });
  return 0;
}`;

test.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
] as const)('%s ends the script with code %i and leaves no process behind', async (signal, code) => {
  const { child, ended, says } = startNode([longScript(RUNS_A_TOOL)]);
  await says('tool ');
  child.kill(signal);
  const result = await ended;
  expect(result.code).toBe(code);
  const pid = Number(/tool (\d+)/.exec(result.output)?.[1]);
  expect(() => process.kill(pid, 0)).toThrow(expect.objectContaining({ code: 'ESRCH' }) as Error);
});

test('a second Ctrl+C ends a script that does not stop', async () => {
  const { child, ended, says } = startNode([
    longScript(
      `(args, { say, signal }) => new Promise(() => { setInterval(() => 0, 1000); signal.addEventListener('abort', () => say('stopping')); say('ready'); })`,
    ),
  ]);
  await says('ready');
  child.kill('SIGINT');
  await says('stopping');
  child.kill('SIGINT');
  expect((await ended).code).toBe(130);
});

test('a script that finishes although it was asked to stop ends with its own code', async () => {
  const { child, ended, says } = startNode([
    longScript(
      `(args, { say, signal }) => new Promise((resolve) => { const timer = setInterval(() => 0, 1000); say('serving'); signal.addEventListener('abort', () => { clearInterval(timer); resolve(0); }); })`,
    ),
  ]);
  await says('serving');
  child.kill('SIGINT');
  expect((await ended).code).toBe(0);
});

test('npm start on a busy port fails at once and names another one', async () => {
  const server = createServer();
  onTestFinished(() => void server.close());
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const { code, output } = await startNode([join(setup, 'start.mjs'), '--no-open', '--port', String(port)]).ended;
  expect(code).toBe(1);
  expect(output).toMatch(/npm start -- --port \d+/);
  expect(output).not.toContain('Installing');
});

test.each(['start.mjs', 'test.mjs'])(
  '%s refuses an unknown flag with code 2 and explains itself with --help',
  async (entry) => {
    expect((await startNode([join(setup, entry), '--no-such-flag']).ended).code).toBe(2);
    const { code, output } = await startNode([join(setup, entry), '--help']).ended;
    expect(code).toBe(0);
    expect(output).toContain('--help');
  },
);
