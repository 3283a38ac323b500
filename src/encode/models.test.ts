import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { expect, test } from 'vitest';
import { parseSpaceId, relateSpaces, spaceId } from '../space.ts';
import { portableWeights, spaceOf, weightsFor, type ModelDescription } from './models.ts';

const SMALL: ModelDescription = {
  name: 'org/small',
  revision: 'main',
  dims: 8,
  pooling: 'cls',
  maxTokens: 64,
  queryPrompt: 'query: {text}',
  passagePrompt: '',
  weights: { q8: 'q.onnx', fp32: 'f.onnx' },
};

test('a space carries the number format, and the prompt that passages have', () => {
  expect(spaceId(spaceOf(SMALL, 'q8'))).toBe('org/small@main;dtype=q8;pool=cls;norm=l2;prompt=;dims=8');
  const prompted = spaceOf({ ...SMALL, pooling: 'last', passagePrompt: 'passage: {text}' }, 'fp32');
  expect(spaceId(prompted)).toBe(
    'org/small@main;dtype=fp32;pool=last;norm=l2;prompt=;passage=passage%3A+%7Btext%7D;dims=8',
  );
  expect(parseSpaceId(spaceId(prompted))).toEqual(prompted);
  expect(relateSpaces(prompted, spaceOf({ ...SMALL, pooling: 'last' }, 'fp32'))).toBe('different');
});

test('a device gets the weights that it can run', () => {
  const files = (weights: ModelDescription['weights']): unknown[] =>
    (['cpu', 'wasm', 'webgpu'] as const).map((device) => weightsFor({ weights }, device)?.file ?? null);
  expect(files({ q8: 'q.onnx', fp32: 'f.onnx' })).toEqual(['q.onnx', 'q.onnx', 'f.onnx']);
  expect(files({ q8: 'q.onnx' })).toEqual(['q.onnx', 'q.onnx', null]);
  expect(files({ fp32: 'f.onnx' })).toEqual(['f.onnx', 'f.onnx', 'f.onnx']);
  expect(() => portableWeights({ ...SMALL, weights: {} })).toThrow(expect.objectContaining({ code: 'model-load' }));
});

interface Manifest {
  readonly version: string;
  readonly dependencies: Record<string, string>;
}

test('onnxruntime-web is exactly the one that transformers.js pins, here and as installed: the glue and the wasm must match', () => {
  const manifest = (path: string): Manifest => JSON.parse(readFileSync(path, 'utf8')) as Manifest;
  const here = createRequire(import.meta.url);
  const fromTransformers = createRequire(here.resolve('@huggingface/transformers'));
  const folderOf = (path: string): string => path.slice(0, path.indexOf('/dist/'));
  const own = manifest(new URL('../../package.json', import.meta.url).pathname);
  const transformers = manifest(`${folderOf(here.resolve('@huggingface/transformers'))}/package.json`);
  const runtime = folderOf(here.resolve('onnxruntime-web'));

  expect(own.dependencies['onnxruntime-web']).toBe(transformers.dependencies['onnxruntime-web']);
  expect(manifest(`${runtime}/package.json`).version).toBe(transformers.dependencies['onnxruntime-web']);
  expect(folderOf(fromTransformers.resolve('onnxruntime-web'))).toBe(runtime); // one copy in the tree
});
