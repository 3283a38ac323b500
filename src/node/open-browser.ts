// Opens an address in the person's browser where there is a desktop. It never fails a command.

import { spawn } from 'node:child_process';
import process from 'node:process';

/** The program that opens an address; null where there is no desktop. */
export function openerOf(
  env: Readonly<Record<string, string | undefined>>,
  platform: string,
): readonly string[] | null {
  if (env['CI'] || env['SSH_CONNECTION']) return null;
  if (platform === 'darwin') return ['open'];
  if (platform === 'win32') return ['cmd', '/c', 'start', ''];
  return env['DISPLAY'] || env['WAYLAND_DISPLAY'] ? ['xdg-open'] : null;
}

export function openBrowser(url: string): void {
  const opener = openerOf(process.env, process.platform);
  if (!opener) return;
  const [command = '', ...args] = opener;
  const child = spawn(command, [...args, url], { stdio: 'ignore', detached: true });
  child.on('error', () => undefined); // no such program; the address is printed anyway
  child.unref();
}
