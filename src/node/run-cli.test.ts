import { expect, test } from 'vitest';
import packageJson from '../../package.json' with { type: 'json' };
import { runCli } from './run-cli.ts';

async function run(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  let out = '';
  let err = '';
  const code = await runCli(args, { print: (line) => (out += `${line}\n`), note: (line) => (err += `${line}\n`) });
  return { code, out, err };
}

test('--version prints the version of the package', async () => {
  expect(await run('--version')).toEqual({ code: 0, out: `${packageJson.version}\n`, err: '' });
});

test('--help names every command, and every command has help of its own', async () => {
  const { code, out } = await run('--help');
  expect(code).toBe(0);
  const commands = [...out.matchAll(/^ {2}([a-z]+) {2}/gm)].map((match) => match[1]!);
  expect(commands).toEqual(expect.arrayContaining(['index', 'serve', 'evaluate']));
  for (const command of commands) {
    const help = await run(command, '--help');
    expect(help.code, command).toBe(0);
    expect(help.out, command).toContain(`era-search ${command}`);
  }
});

test.each([
  [],
  ['no-such-command'],
  ['--no-such-flag'],
  ['toString'],
  ['serve', '--no-such-flag'],
  ['serve', 'extra'],
  ['serve', '--port', 'x'],
  ['serve', '--port', '65536'],
])('%s %s is wrong usage: code 2 and nothing on standard output but help', async (...args: string[]) => {
  const { code, out, err } = await run(...args.filter((arg) => arg));
  expect(code).toBe(2);
  expect((err || out).length).toBeGreaterThan(0);
});

test('--verbose adds the code and the stack, wherever it stands', async () => {
  const plain = await run('index', '/absent.jsonl', '--out', '/tmp/never');
  const verbose = await run('index', '/absent.jsonl', '--verbose', '--out', '/tmp/never');
  expect(plain.err).not.toContain('    at ');
  expect(verbose.err).toContain('    at ');
  expect(verbose.err).toContain('invalid-option');
});
