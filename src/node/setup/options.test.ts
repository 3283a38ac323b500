import { expect, test } from 'vitest';
import { parseStartOptions, parseTestOptions, TEST_PARTS } from './options.mjs';

const usage = expect.objectContaining({ code: 'usage', exitCode: 2 }) as Error;

test('npm start without flags', () => {
  expect(parseStartOptions([])).toEqual({ port: 4173, host: '127.0.0.1', open: true, help: false });
});

test('npm start with every flag', () => {
  expect(parseStartOptions(['--port', '0', '--host=0.0.0.0', '--no-open'])).toEqual({
    port: 0,
    host: '0.0.0.0',
    open: false,
    help: false,
  });
  expect(parseStartOptions(['-h']).help).toBe(true);
});

test.each([
  ['--prot', '80'],
  ['extra'],
  ['--port'],
  ['--port', ''],
  ['--port', '1e3'],
  ['--port', '65536'],
  ['--port', '-1'],
  ['--host', ''],
  ['--no-open=yes'],
])('npm start refuses %s %s', (...args: string[]) => {
  expect(() => parseStartOptions(args)).toThrow(usage);
});

test('npm test runs every part unless told otherwise, in a fixed order', () => {
  expect(parseTestOptions([]).parts).toEqual(TEST_PARTS);
  expect(parseTestOptions(['--only', 'e2e', '--only', 'lint']).parts).toEqual(['lint', 'e2e']);
});

test('one part can be narrowed to files or names', () => {
  expect(parseTestOptions(['--only', 'lint', '--fix', 'src/scan', 'e2e'])).toEqual({
    parts: ['lint'],
    names: ['src/scan', 'e2e'],
    fix: true,
    help: false,
  });
});

test.each([['--only', 'browser'], ['--only'], ['--watch'], ['lint']])('npm test refuses %s %s', (...args: string[]) => {
  expect(() => parseTestOptions(args)).toThrow(usage);
});
