import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { expect, test } from 'vitest';
import { folderForTest } from './folder-for-test.ts';
import { runTool, toolPath } from './run-tool.mjs';
import { Interrupted } from './setup-error.mjs';

const never = new AbortController().signal;

test('gives the exit code and, when asked, the output of both streams', async () => {
  const cwd = folderForTest();
  const script = 'console.log(process.cwd().length > 0, process.env.X); console.error("err"); process.exitCode = 3';
  const { code, output } = await runTool(process.execPath, ['-e', script], {
    cwd,
    signal: never,
    capture: true,
    env: { X: 'y' },
  });
  expect(code).toBe(3);
  expect(output).toContain('true y');
  expect(output).toContain('err');
});

test('a missing tool gives 127', async () => {
  expect((await runTool('/absent/tool', [], { cwd: folderForTest(), signal: never, capture: true })).code).toBe(127);
});

test('a tool that takes too long is ended and has failed', async () => {
  const { code } = await runTool(process.execPath, ['-e', 'setInterval(() => 0, 1000)'], {
    cwd: folderForTest(),
    signal: never,
    timeoutMs: 300,
  });
  expect(code).not.toBe(0);
});

test('stopping ends the tool and the children it started', async () => {
  const cwd = folderForTest();
  const grandchild =
    'process.on("SIGINT", () => 0); require("fs").writeFileSync("grandchild.pid", String(process.pid)); setInterval(() => 0, 1000)';
  const child = `require("child_process").spawn(process.execPath, ["-e", ${JSON.stringify(grandchild)}]); setInterval(() => 0, 1000)`;
  const controller = new AbortController();
  const running = runTool(process.execPath, ['-e', child], { cwd, signal: controller.signal });
  const pid = await until(() => Number(readFileSync(join(cwd, 'grandchild.pid'), 'utf8')));
  const reason = new Interrupted('SIGINT');
  controller.abort(reason);
  await expect(running).rejects.toBe(reason);
  await until(() => {
    if (isAlive(pid)) throw new Error('still alive');
    return true;
  });
});

test('nothing is started once the run was stopped', async () => {
  const cwd = folderForTest();
  const reason = new Interrupted('SIGTERM');
  await expect(runTool(process.execPath, ['-e', ''], { cwd, signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
});

test('commands of packages are found without a shell', () => {
  const root = folderForTest({
    'node_modules/one/package.json': '{"bin": "run.js"}',
    'node_modules/two/package.json': '{"bin": {"second": "./bin/second"}}',
  });
  expect(toolPath(root, 'one')).toBe(join(root, 'node_modules/one/run.js'));
  expect(toolPath(root, 'two', 'second')).toBe(join(root, 'node_modules/two/bin/second'));
  expect(() => toolPath(root, 'two')).toThrow();
});

/** Repeats `attempt` until it no longer throws. */
async function until<T>(attempt: () => T): Promise<T> {
  for (let triesLeft = 200; ; triesLeft--) {
    try {
      const value = attempt();
      if (value) return value;
    } catch (error) {
      if (triesLeft === 0) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** False for a zombie, which waits for its parent. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return process.platform !== 'linux' || !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}
