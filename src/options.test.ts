import { expect, test } from 'vitest';
import { checkOptions, possiblePaths, type EngineOptions } from './options.ts';

const query = { baseUrl: 'https://api.example/v1', model: 'large' };
const refused = (options: EngineOptions): void => {
  expect(() => checkOptions(options)).toThrow(expect.objectContaining({ code: 'invalid-option' }) as Error);
};

test('the paths follow from the available models', () => {
  expect(possiblePaths({})).toEqual(['static', 'local']);
  expect(possiblePaths({ query })).toEqual(['static', 'local', 'remote', 'both']);
  expect(possiblePaths({ query, encoder: false })).toEqual(['static', 'remote']);
  expect(possiblePaths({ encoder: false })).toEqual(['static']);
});

test('a path without its model is refused', () => {
  refused({ encoder: false, path: 'local' });
  refused({ encoder: false, query, path: 'both' });
  refused({ path: 'remote' });
  expect(checkOptions({ query, path: 'both' })).toEqual({ query, path: 'both' });
  expect(checkOptions({ encoder: false, path: 'static' })).toEqual({ encoder: false, path: 'static' });
});

test('unknown choices are refused', () => {
  refused({ store: 'disk' as 'auto' });
  refused({ scan: 'cuda' as 'auto' });
  refused({ query, path: 'all' as 'both' });
});

test('an option by its former name is refused, not ignored', () => {
  const former: object = { trainer: 'wasm' };
  expect(() => checkOptions(former)).toThrow(
    expect.objectContaining({ code: 'invalid-option', details: { option: 'trainer' } }) as Error,
  );
  expect(checkOptions({ trainerDevice: 'wasm' })).toEqual({ trainerDevice: 'wasm' });
});
