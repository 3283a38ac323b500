import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { expect, test } from 'vitest';
import { spaceId } from '../space.ts';
import { MODELS, spaceOf } from './models.ts';

test('a space carries the number format and the prompt that was used', () => {
  expect(spaceId(spaceOf('Xenova/all-MiniLM-L6-v2', 'q8'))).toBe('Xenova/all-MiniLM-L6-v2@main;dtype=q8;pool=mean;norm=l2;prompt=;dims=384');
  const { queryPrompt } = MODELS['Xenova/bge-small-en-v1.5']!;
  expect(queryPrompt.replace('{text}', 'x')).toBe('Represent this sentence for searching relevant passages: x');
  expect(spaceOf('Xenova/bge-small-en-v1.5', 'q8', queryPrompt)).toMatchObject({ pooling: 'cls', prompt: queryPrompt });
});

test.each(['Xenova/none', 'toString'])('refuses the unknown model %s', (model) => {
  expect(() => spaceOf(model, 'q8')).toThrow(expect.objectContaining({ code: 'invalid-option' }));
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
