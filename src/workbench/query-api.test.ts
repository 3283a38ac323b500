import { expect, test } from 'vitest';
import { keepQueryApi, readQueryApi } from './query-api.ts';

function storage(text: string | null = null): Pick<Storage, 'getItem' | 'setItem'> {
  let kept = text;
  return { getItem: () => kept, setItem: (_, value) => void (kept = value) };
}

function form(fields: Readonly<Record<string, string>>): FormData {
  const data = new FormData();
  for (const [name, value] of Object.entries(fields)) data.set(name, value);
  return data;
}

const none = new URLSearchParams();

test('the last used API is restored where the address names none', () => {
  const kept = storage();
  keepQueryApi(
    form({ 'query-url': ' /v1 ', 'query-model': 'm&n', 'query-prompt': 'query: {text}', 'query-dimensions': '256' }),
    kept,
  );
  expect(readQueryApi(none, kept)).toEqual({ url: '/v1', model: 'm&n', prompt: 'query: {text}', dimensions: '256' });
});

test('the address has priority over all stored values, and an empty one means none', () => {
  const kept = storage('query-url=%2Fold&query-prompt=p');
  expect(readQueryApi(new URLSearchParams('query-url=/new&query-model=m'), kept)).toEqual({
    url: '/new',
    model: 'm',
    prompt: '',
    dimensions: '',
  });
  expect(readQueryApi(new URLSearchParams('query-url='), kept)).toBe(null);
});

test('a browser that stores nothing causes no error', () => {
  const refuse = (): never => {
    throw new DOMException('', 'SecurityError');
  };
  expect(readQueryApi(none, { getItem: refuse })).toBe(null);
  expect(() => keepQueryApi(form({ 'query-url': '/v1' }), { setItem: refuse })).not.toThrow();
});
