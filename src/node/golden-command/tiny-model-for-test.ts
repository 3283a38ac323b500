// A sentence-embedding model of another kind than the bundled ones, small enough to be made in a test: the tokenizer of
// XLM-R, a graph without token types that looks up each token in a table, and the files that sentence-transformers
// writes beside a model.

export const TINY_DIMS = 8;
/** Tokens of the vocabulary; texts are enclosed in <s> and </s>; ids as in XLM-R. */
export const TINY_PIECES: readonly string[] = [
  '<s>',
  '<pad>',
  '</s>',
  '<unk>',
  '▁',
  '▁passage:',
  '▁query:',
  '▁red',
  '▁green',
  '▁blue',
  '▁apple',
  '▁pear',
  's',
];

/** The vector of a token, different for each. @param seed another model */
export function tinyRow(id: number, seed = 1): Float32Array {
  return Float32Array.from({ length: TINY_DIMS }, (_, j) => Math.fround(Math.sin(seed + id * 3.7 + j * (seed + id))));
}

/** The vector of a text's tokens with <s> and </s>: mean, unit length. */
export function tinyVector(...pieces: readonly string[]): number[] {
  const rows = ['<s>', ...pieces, '</s>'].map((piece) => tinyRow(TINY_PIECES.indexOf(piece)));
  const sum = Array.from({ length: TINY_DIMS }, (_, j) => rows.reduce((total, row) => total + row[j]!, 0));
  const norm = Math.hypot(...sum);
  return sum.map((value) => value / norm);
}

export interface TinyGraphOptions {
  /** Version of the operators. @default 17 */
  readonly opset?: number | undefined;
  /** File beside the graph that is to hold the table. @default none: the graph holds it */
  readonly external?: string | undefined;
}

/** The files of the model: path below its folder → content. */
export function tinyModelFiles(seed = 1, graph: TinyGraphOptions = {}): Record<string, string | Buffer> {
  const json = JSON.stringify;
  return {
    'config.json': json({
      model_type: 'xlm-roberta',
      hidden_size: TINY_DIMS,
      max_position_embeddings: 34,
      pad_token_id: 1,
    }),
    'tokenizer.json': json({
      version: '1.0',
      added_tokens: [0, 1, 2, 3].map((id) => ({
        id,
        content: TINY_PIECES[id],
        special: true,
        single_word: false,
        lstrip: false,
        rstrip: false,
        normalized: false,
      })),
      normalizer: { type: 'Replace', pattern: { Regex: ' {2,}' }, content: ' ' },
      pre_tokenizer: { type: 'Metaspace', replacement: '▁', prepend_scheme: 'always', split: true },
      post_processor: {
        type: 'TemplateProcessing',
        single: [
          { SpecialToken: { id: '<s>', type_id: 0 } },
          { Sequence: { id: 'A', type_id: 0 } },
          { SpecialToken: { id: '</s>', type_id: 0 } },
        ],
        pair: [],
        special_tokens: {
          '<s>': { id: '<s>', ids: [0], tokens: ['<s>'] },
          '</s>': { id: '</s>', ids: [2], tokens: ['</s>'] },
        },
      },
      decoder: { type: 'Metaspace', replacement: '▁', prepend_scheme: 'always', split: true },
      model: {
        type: 'Unigram',
        unk_id: 3,
        vocab: TINY_PIECES.map((piece, id) => [piece, id < 4 ? 0 : -1 - piece.length / 100]),
      },
    }),
    'tokenizer_config.json': json({
      tokenizer_class: 'XLMRobertaTokenizer',
      model_max_length: 512,
      pad_token: '<pad>',
      unk_token: '<unk>',
      bos_token: '<s>',
      eos_token: '</s>',
    }),
    'modules.json': json([
      { type: 'sentence_transformers.models.Transformer' },
      { type: 'sentence_transformers.models.Pooling' },
      { type: 'sentence_transformers.models.Normalize' },
    ]),
    '1_Pooling/config.json': json({
      word_embedding_dimension: TINY_DIMS,
      pooling_mode_cls_token: false,
      pooling_mode_mean_tokens: true,
    }),
    'config_sentence_transformers.json': json({ prompts: { query: 'query: ', passage: 'passage: ' } }),
    'onnx/model.onnx': tinyGraph(seed, graph),
  };
}

/** `last_hidden_state = table[input_ids]`, as an ONNX file (onnx.proto3; the numbers are those of its fields). */
function tinyGraph(seed: number, { opset = 17, external }: TinyGraphOptions): Buffer {
  const table = Buffer.concat(TINY_PIECES.map((_, id) => Buffer.from(tinyRow(id, seed).buffer)));
  const tokens = (name: string): Buffer => valueInfo(name, 7, ['batch', 'sequence']);
  const graph = Buffer.concat([
    bytes(1, Buffer.concat([text(1, 'table'), text(1, 'input_ids'), text(2, 'last_hidden_state'), text(4, 'Gather')])),
    text(2, 'tiny'),
    bytes(
      5,
      Buffer.concat([
        whole(1, TINY_PIECES.length),
        whole(1, TINY_DIMS),
        whole(2, 1),
        text(8, 'table'),
        ...(external === undefined
          ? [bytes(9, table)]
          : [bytes(13, Buffer.concat([text(1, 'location'), text(2, external)])), whole(14, 1)]),
      ]),
    ),
    bytes(11, tokens('input_ids')),
    bytes(11, tokens('attention_mask')),
    bytes(12, valueInfo('last_hidden_state', 1, ['batch', 'sequence', TINY_DIMS])),
  ]);
  return Buffer.concat([whole(1, 8), bytes(8, Buffer.concat([text(1, ''), whole(2, opset)])), bytes(7, graph)]);
}

function valueInfo(name: string, type: number, shape: readonly (string | number)[]): Buffer {
  const dims = shape.map((dim) => bytes(1, typeof dim === 'number' ? whole(1, dim) : text(2, dim)));
  return Buffer.concat([
    text(1, name),
    bytes(2, bytes(1, Buffer.concat([whole(1, type), bytes(2, Buffer.concat(dims))]))),
  ]);
}

const text = (field: number, value: string): Buffer => bytes(field, Buffer.from(value));
const whole = (field: number, value: number): Buffer => Buffer.concat([varint(field << 3), varint(value)]);
function bytes(field: number, value: Buffer): Buffer {
  return Buffer.concat([varint((field << 3) | 2), varint(value.length), value]);
}

function varint(value: number): Buffer {
  const out: number[] = [];
  for (let left = value; ; left >>>= 7) {
    if (left < 128) return Buffer.from([...out, left]);
    out.push((left & 127) | 128);
  }
}
