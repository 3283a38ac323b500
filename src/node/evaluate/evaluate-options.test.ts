import { expect, test } from 'vitest';
import { parseEvaluateOptions } from './evaluate-options.ts';
import { METHOD_NAMES } from './systems.ts';

test('has a default for everything', () => {
  expect(parseEvaluateOptions([])).toMatchObject({
    methods: ['small', 'small-instruct', 'era-align', 'era', 'closed-form'],
    paths: ['remote', 'local', 'both'],
    ratios: [0, 0.05, 0.1, 0.2, 0.4],
    seed: 42,
    splits: undefined,
    vectors: undefined,
    endpoint: undefined,
    sample: 200,
    domains: undefined,
    base: 'others',
    documentModel: 'Xenova/all-MiniLM-L6-v2',
    fresh: false,
    checkpointMs: 10_000,
    memoryBytes: 2 ** 30,
  });
});

test('reads lists in any order, with spaces and repetitions', () => {
  const { methods, paths, ratios } = parseEvaluateOptions([
    '--methods',
    'closed-form, small,closed-form',
    '--paths=both',
    '--ratios',
    '0.4,0,0.4',
  ]);
  expect(methods).toEqual(['small', 'closed-form']);
  expect(paths).toEqual(['both']);
  expect(ratios).toEqual([0, 0.4]);
});

test('replaces former names of methods and reports it', () => {
  const notes: string[] = [];
  expect(parseEvaluateOptions(['--methods', 'ours,hybrid-ours'], (line) => notes.push(line)).methods).toEqual([
    'closed-form',
    'hybrid-closed-form',
  ]);
  expect(notes).toEqual([
    'The method ours is called closed-form now.',
    'The method hybrid-ours is called hybrid-closed-form now.',
  ]);
  parseEvaluateOptions(['--methods', 'closed-form'], (line) => notes.push(line));
  expect(notes).toHaveLength(2);
});

test('all means every method that can be measured', () => {
  expect(parseEvaluateOptions(['--methods', 'all']).methods).toEqual(METHOD_NAMES);
  const withoutLabels = parseEvaluateOptions(['--methods', 'all', '--ratios', '0']).methods;
  expect(withoutLabels).toContain('closed-form');
  expect(withoutLabels).not.toContain('search-adaptor');
});

test('reads an endpoint', () => {
  expect(
    parseEvaluateOptions(['--endpoint', 'http://localhost:1/v1', '--model', 'm', '--query-prompt', 'Q: {text}'])
      .endpoint,
  ).toEqual({
    url: 'http://localhost:1/v1',
    model: 'm',
    queryPrompt: 'Q: {text}',
  });
});

test.each([
  ['--no-such-flag'],
  ['stray'],
  ['--seed'],
  ['--seed', '-1'],
  ['--seed', '1.5'],
  ['--seed', '4294967296'],
  ['--methods', 'small,era-labels', '--ratios', '0'],
  ['--sample', '1'],
  ['--sample', 'x'],
  ['--memory', '0'],
  ['--memory', '1.5'],
  ['--checkpoint', ''],
  ['--checkpoint', '-1'],
  ['--fresh=no'],
  ['--local-device', 'webgpu'],
  ['--methods', ''],
  ['--methods', 'small,best'],
  ['--paths', 'all'],
  ['--ratios', ''],
  ['--ratios', '0.5'],
  ['--ratios', 'x'],
  ['--endpoint', 'http://localhost:1/v1'],
  ['--endpoint', 'localhost', '--model', 'm'],
  ['--endpoint', 'file:///etc', '--model', 'm'],
  ['--model', 'm'],
  ['--query-prompt', '{text}'],
  ['--endpoint', 'http://localhost:1/v1', '--model', 'm', '--query-prompt', 'no place'],
  ['--endpoint', 'http://localhost:1/v1', '--model', 'm', '--vectors', 'x'],
])('refuses %s %s', (...args: string[]) => {
  expect(() => parseEvaluateOptions(args)).toThrow(expect.objectContaining({ code: 'invalid-option' }) as Error);
});
