import { expect, test } from 'vitest';
import { locateModel } from './model-choice.ts';

test.each([
  ['Xenova/all-MiniLM-L6-v2', 'Xenova/all-MiniLM-L6-v2', './models/'],
  ['./own/small/', 'small', './own/'],
  ['../small', 'small', '../'],
  ['/srv/models/e5-small', 'e5-small', '/srv/models/'],
  ['https://example.org/models/e5/', 'e5', 'https://example.org/models/'],
])('%s is %s below %s', (choice, name, base) => {
  expect(locateModel(choice, './models')).toEqual({ model: { name }, base });
  expect(locateModel({ name: choice, pooling: 'mean' }, './models/')).toEqual({
    model: { name, pooling: 'mean' },
    base,
  });
});
