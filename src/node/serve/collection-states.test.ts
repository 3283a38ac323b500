import { expect, test } from 'vitest';
import type { CollectionState } from './collection-states.ts';
import { serveForTest } from './serve-for-test.ts';

const READY: CollectionState = { name: 'first', state: 'ready', done: 2, total: 2, problem: null };
const WAITING: CollectionState = { name: 'second', state: 'waiting', done: 0, total: 3, problem: null };

test('the states are those of the moment, and no answer is to be stored', async () => {
  let states = [READY, WAITING];
  const { url } = await serveForTest({ collections: () => states });
  const response = await fetch(`${url}collections.json?x=1`);
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toBe('application/json');
  expect(response.headers.get('cache-control')).toBe('no-store');
  expect(response.headers.get('x-content-type-options')).toBe('nosniff');
  expect(await response.json()).toEqual({ collections: [READY, WAITING] });
  states = [READY, { ...WAITING, state: 'embedding', done: 1 }];
  expect(await (await fetch(`${url}collections.json`)).json()).toEqual({ collections: states });
});

test('a server beside which nothing is made has none', async () => {
  const { url } = await serveForTest();
  expect(await (await fetch(`${url}collections.json`)).json()).toEqual({ collections: [] });
});

test('only GET and HEAD are taken', async () => {
  const { url } = await serveForTest({ collections: () => [READY] });
  const head = await fetch(`${url}collections.json`, { method: 'HEAD' });
  expect([head.status, await head.text()]).toEqual([200, '']);
  const post = await fetch(`${url}collections.json`, { method: 'POST', body: '[]' });
  expect([post.status, post.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
});
