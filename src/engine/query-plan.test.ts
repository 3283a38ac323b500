// The query plan as a table: requested options and available parts → the ways to read the query, best first.

import { describe, expect, test } from 'vitest';
import { possiblePaths } from '../options.ts';
import { spaceId, type Space } from '../space.ts';
import { planQuery, type Available, type Wanted } from './query-plan.ts';
import { IDLE, OFF } from './status.ts';

const SPACE: Space = { model: 'small', revision: 'main', dtype: 'q8', pooling: 'mean', prompt: '', dims: 3 };
/** Of a collection without a static query encoder, unless said. */
const pathsOf: typeof possiblePaths = (options) => possiblePaths(options).filter((path) => path !== 'static');
const ALL = pathsOf({ query: { baseUrl: '/v1', model: 'm' } });
const READY = { ...IDLE, state: 'ready', space: SPACE } as const;
const DEFAULTS: Wanted = { mode: 'hybrid', path: undefined, stage: 'best', trainer: 'closed-form', encoder: 'load' };

/** Slots are named as in `AdapterSlots`. */
function available(slots: readonly string[], changes: Partial<Available> = {}): Available {
  const adapter: Available['adapter'] = (path, trainer, stage) => {
    const found = (stage === 'best' ? ['adapted', 'aligned'] : [stage])
      .map((one) => `${path}/${trainer}/${one}`)
      .find((id) => slots.includes(id));
    return (found ?? null) as ReturnType<Available['adapter']>;
  };
  return { paths: ALL, space: SPACE, hasVectors: true, model: READY, adapter, ...changes };
}

const ALIGNED = ['remote/closed-form/aligned', 'both/closed-form/aligned', 'local/closed-form/aligned'];
const LEARNED = [...ALIGNED, 'remote/closed-form/adapted', 'remote/era/adapted'];

const said = (wanted: Partial<Wanted>, here: Available): string => {
  const { ways, loads, problem } = planQuery({ ...DEFAULTS, ...wanted }, here);
  return [
    ways.map(({ path, adapter }) => adapter ?? path).join(' ') || 'words',
    ...(loads ? ['loads'] : []),
    ...(problem ? [problem.code] : []),
  ].join(', ');
};

describe('requested options', () => {
  test.each<[string, Partial<Wanted>, readonly string[], string]>([
    ['nothing special, nothing learned', {}, [], 'local'],
    [
      'nothing special, aligned',
      {},
      ALIGNED,
      'both/closed-form/aligned remote/closed-form/aligned local/closed-form/aligned',
    ],
    ['words', { mode: 'keyword' }, LEARNED, 'words'],
    ['meaning', { mode: 'dense' }, [], 'local'],
    [
      'the remote path',
      { path: 'remote' },
      LEARNED,
      'remote/closed-form/adapted both/closed-form/aligned local/closed-form/aligned',
    ],
    ['the remote path before any alignment', { path: 'remote' }, [], 'local, no-adapter'],
    ['both before any alignment', { path: 'both' }, [], 'local, no-adapter'],
    ['no adapter', { stage: 'none' }, LEARNED, 'local'],
    ['no adapter on the remote path', { path: 'remote', stage: 'none' }, LEARNED, 'local'],
    [
      'a stage that is there',
      { path: 'remote', stage: 'aligned' },
      LEARNED,
      'remote/closed-form/aligned both/closed-form/aligned local/closed-form/aligned',
    ],
    [
      'a stage that is not there',
      { path: 'local', stage: 'adapted' },
      ALIGNED,
      'local/closed-form/aligned both/closed-form/aligned remote/closed-form/aligned, no-adapter',
    ],
    [
      'another trainer',
      { path: 'remote', trainer: 'era' },
      LEARNED,
      'remote/era/adapted both/closed-form/aligned local/closed-form/aligned',
    ],
    [
      'another trainer where it has nothing',
      { path: 'local', trainer: 'era', stage: 'adapted' },
      ALIGNED,
      'local/closed-form/aligned both/closed-form/aligned remote/closed-form/aligned, no-adapter',
    ],
  ])('%s', (_, wanted, slots, expected) => {
    expect(said(wanted, available(slots))).toBe(expected);
  });
});

describe('a collection that is read without a model', () => {
  const paths = possiblePaths({ query: { baseUrl: '/v1', model: 'm' } });
  const offline = possiblePaths({});
  const without = possiblePaths({ encoder: false });
  test.each<[string, Partial<Wanted>, Partial<Available>, string]>([
    ['the first answer has it already', {}, { paths }, 'local'],
    ['the same while the model is loaded', {}, { paths: offline, model: IDLE }, 'local, loads'],
    ['the same where the page has none', {}, { paths: without, model: OFF }, 'words'],
    ['meaning alone', { mode: 'dense' }, { paths }, 'local static'],
    [
      'meaning alone while the model is loaded',
      { mode: 'dense' },
      { paths: offline, model: IDLE },
      'local static, loads',
    ],
    [
      'meaning alone where it may not be loaded',
      { mode: 'dense', encoder: 'if-ready' },
      { paths: offline, model: IDLE },
      'static',
    ],
    ['meaning alone where the page has none', { mode: 'dense' }, { paths: without, model: OFF }, 'static'],
    ['asked for by name, which loads nothing', { path: 'static' }, { paths: offline, model: IDLE }, 'static'],
    ['by name and without its adapter', { path: 'static', stage: 'none' }, { paths }, 'static local'],
    [
      'in place of a model that is not here',
      { path: 'local', encoder: 'if-ready', mode: 'dense' },
      { paths: offline, model: IDLE },
      'static, no-encoder',
    ],
    ['asked for where the collection has none', { path: 'static' }, {}, 'local, no-encoder'],
    [
      'a model that failed',
      { mode: 'dense' },
      { paths: offline, model: { ...IDLE, state: 'failed', problem: 'no files' } },
      'static, model-load',
    ],
  ])('%s', (_, wanted, changes, expected) => {
    expect(said(wanted, available([], changes))).toBe(expected);
  });

  test('has adapters of its own', () => {
    const learned = ['static/closed-form/aligned', 'static/closed-form/adapted'];
    expect(said({ encoder: 'if-ready' }, available(learned, { paths: offline, model: IDLE }))).toBe(learned[1]);
    expect(said({ path: 'static', stage: 'aligned' }, available(learned, { paths: without, model: OFF }))).toBe(
      learned[0],
    );
  });
});

describe('available parts', () => {
  const other = { ...SPACE, model: 'other' };
  test.each<[string, Partial<Wanted>, Partial<Available>, string]>([
    ['no vectors of the passages yet', {}, { hasVectors: false }, 'words'],
    [
      'no vectors yet, meaning asked for by name',
      { mode: 'dense' },
      { hasVectors: false },
      'both/closed-form/aligned remote/closed-form/aligned local/closed-form/aligned',
    ],
    ['a collection without vectors', { mode: 'dense' }, { space: null }, 'words'],
    [
      'no small model in the page',
      {},
      { model: OFF, paths: pathsOf({ encoder: false, query: { baseUrl: '/v1', model: 'm' } }) },
      'remote/closed-form/aligned',
    ],
    ['no query API', {}, { paths: pathsOf({}) }, 'local/closed-form/aligned'],
    ['a model that is not loaded', {}, { model: IDLE }, 'remote/closed-form/aligned local/closed-form/aligned, loads'],
    [
      'a model that is not loaded and may not be',
      { encoder: 'if-ready' },
      { model: IDLE },
      'remote/closed-form/aligned',
    ],
    [
      'a model that is not loaded, its path asked for',
      { path: 'local' },
      { model: IDLE },
      'local/closed-form/aligned remote/closed-form/aligned, loads',
    ],
    [
      'a model that may not be loaded, its path asked for',
      { path: 'local', encoder: 'if-ready' },
      { model: IDLE },
      'remote/closed-form/aligned, no-encoder',
    ],
    [
      'a model that failed',
      {},
      { model: { ...IDLE, state: 'failed', problem: 'no files' } },
      'remote/closed-form/aligned, model-load',
    ],
    ['another model', {}, { model: { ...READY, space: other } }, 'remote/closed-form/aligned, space-mismatch'],
  ])('%s', (_, wanted, changes, expected) => {
    expect(said(wanted, available(ALIGNED, changes))).toBe(expected);
  });

  test('a mismatch names the space that is needed', () => {
    expect(planQuery(DEFAULTS, available([], { model: { ...READY, space: other } })).problem?.message).toContain(
      spaceId(SPACE),
    );
  });
});
