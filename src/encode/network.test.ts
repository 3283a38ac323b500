import { expect, test } from 'vitest';
import { hiddenOf, inputsOf } from './network.ts';

const batch = { ids: BigInt64Array.of(1n, 2n), mask: BigInt64Array.of(1n, 1n) };

test('a graph gets the inputs that it names, and no others', () => {
  expect(Object.keys(inputsOf(batch, ['attention_mask', 'input_ids']))).toEqual(['attention_mask', 'input_ids']);
  expect(inputsOf(batch, ['input_ids', 'token_type_ids'])).toEqual({
    input_ids: batch.ids,
    token_type_ids: new BigInt64Array(2),
  });
  expect(() => inputsOf(batch, ['input_ids', 'pixel_values'])).toThrow(
    expect.objectContaining({ code: 'model-load', details: { inputs: 'pixel_values' } }),
  );
});

test('hidden states are found by the names that graphs give them', () => {
  expect(hiddenOf({ pooler_output: 1, last_hidden_state: 2 })).toBe(2);
  expect(hiddenOf({ sentence_embedding: 1, token_embeddings: 3 })).toBe(3);
  expect(() => hiddenOf({ logits: 1 })).toThrow(
    expect.objectContaining({ code: 'model-load', details: { outputs: 'logits' } }),
  );
});
