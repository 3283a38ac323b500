// Runs one tool as a child process in its own process group, so that stopping it also stops its children.

import { spawn } from 'node:child_process';
import { join } from 'node:path';
import process from 'node:process';
import { readJson } from './read-json.mjs';

/** Milliseconds between asking a tool to stop and killing it. Playwright first closes its browsers, then its server. */
const GRACE_MS = 15_000;

/**
 * @typedef {object} ToolOptions
 * @property {string} cwd
 * @property {AbortSignal} signal
 * @property {Record<string, string>} [env] added to this process's own
 * @property {boolean} [capture] keep the output instead of showing it
 * @property {(message: unknown) => void} [onMessage] the tool is a Node script, and what it sends by process.send comes here
 * @property {number} [timeoutMs] the tool is ended after this time and counts as failed
 */

/**
 * Resolves when the tool has ended. A tool that cannot be started gives code 127.
 * @param {string} command
 * @param {string[]} args
 * @param {ToolOptions} options
 * @returns {Promise<{ code: number, output: string }>} `output` is empty unless captured
 * @throws the signal's reason when it aborts, once the tool and its children are gone
 */
export function runTool(command, args, { cwd, signal, env = {}, capture = false, onMessage, timeoutMs }) {
  return new Promise((resolve, reject) => {
    if (signal.aborted) {
      reject(reasonOf(signal));
      return;
    }
    const group = process.platform !== 'win32';
    /** @type {import('node:child_process').StdioOptions} */
    const streams = capture ? ['ignore', 'pipe', 'pipe'] : ['inherit', 'inherit', 'inherit'];
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: onMessage ? [...streams, 'ipc'] : streams,
      detached: group,
      shell: !group && command.endsWith('.cmd'),
    });
    /** @param {NodeJS.Signals} name */
    const kill = (name) => {
      try {
        if (group && child.pid !== undefined) process.kill(-child.pid, name);
        else child.kill(name);
      } catch {
        // The process has ended already.
      }
    };
    /** @type {NodeJS.Timeout[]} */
    const timers = [];
    const stop = () => {
      kill('SIGINT'); // not SIGTERM: Playwright stops its browsers and its server on Ctrl+C only
      timers.push(setTimeout(() => kill('SIGKILL'), GRACE_MS));
    };
    const killNow = () => kill('SIGKILL');
    signal.addEventListener('abort', stop, { once: true });
    process.once('exit', killNow);
    if (timeoutMs !== undefined) timers.push(setTimeout(stop, timeoutMs));

    if (onMessage) child.on('message', onMessage);
    let output = '';
    child.stdout?.on('data', (/** @type {Buffer} */ chunk) => (output += chunk.toString()));
    child.stderr?.on('data', (/** @type {Buffer} */ chunk) => (output += chunk.toString()));
    /** @param {number} code */
    const settle = (code) => {
      for (const timer of timers) clearTimeout(timer);
      signal.removeEventListener('abort', stop);
      process.removeListener('exit', killNow);
      if (signal.aborted) {
        killNow(); // ends children that outlived the tool
        reject(reasonOf(signal));
      } else resolve({ code, output });
    };
    child.once('error', (error) => {
      output += error.message;
      settle(127);
    });
    child.once('close', (code) => settle(code ?? 1));
  });
}

/** @param {AbortSignal} signal */
function reasonOf(signal) {
  /** @type {unknown} */
  const reason = signal.reason;
  return reason instanceof Error ? reason : new Error(String(reason));
}

/**
 * The script behind a package's command, to be run with this same Node, without shell, PATH or npx.
 * @param {string} root
 * @param {string} packageName
 * @param {string} [command] the name of the command where it is not the package's
 */
export function toolPath(root, packageName, command = packageName) {
  const folder = join(root, 'node_modules', packageName);
  const { bin } = /** @type {{ bin: string | Record<string, string> }} */ (readJson(join(folder, 'package.json')));
  const file = typeof bin === 'string' ? bin : bin[command];
  if (file === undefined) throw new Error(`${packageName} has no command ${command}.`);
  return join(folder, file);
}
