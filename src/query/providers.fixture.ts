// Embeddings APIs on 2026-11-28: what an owner sets, what the API takes, its limits and its forms of answers and errors.
// docs/providers.md says which of it was compared with public references; `unchecked` names more that was not confirmed.
// providers.test.ts serves each of them, and docs/providers.md has the same table for owners.

import type { RemoteOptions } from './remote-options.ts';

export type AnswerForm = 'openai' | 'no-index-0' | 'bare-list' | 'embeddings' | 'embeddings.float';

export interface Provider {
  readonly name: string;
  /** Path of the address that an owner gives as baseUrl, with its query. */
  readonly base: string;
  /** What an owner sets besides the address and the key. */
  readonly options: Omit<RemoteOptions, 'baseUrl'>;
  /** Header that holds the key; null for servers of one's own without keys. */
  readonly keyHeader: 'authorization' | 'api-key' | null;
  /** Path and query of the request that goes out. */
  readonly path: string;
  /** Body of the request for the texts `['one', 'two']` as queries. */
  readonly query: Readonly<Record<string, unknown>>;
  /** The same for documents; absent where it is the same. */
  readonly document?: Readonly<Record<string, unknown>>;
  /** Every field that the API knows. Those with a list of values take no others. */
  readonly fields: Readonly<Record<string, readonly unknown[] | null>>;
  /** Whether a field that the API does not know is refused. */
  readonly refusesUnknown: boolean;
  readonly answer: AnswerForm;
  /** Most texts in a request; null where only the tokens are limited. */
  readonly maxTexts: number | null;
  /** Documented length of a text, in tokens. */
  readonly maxTokens: string;
  /** Status and body for too many texts. */
  readonly tooMany: { readonly status: number; readonly body: unknown } | null;
  /** Other documented refusals. */
  readonly errors: readonly { readonly status: number; readonly body: unknown; readonly says: string }[];
  readonly unchecked: string;
}

const INPUT = ['one', 'two'];
const ENCODINGS = ['float', 'base64'];
const COHERE_V2 = { model: 'embed-v4.0', texts: INPUT, output_dimension: 4, embedding_types: ['float'] };
const openAiError = (message: string, type = 'invalid_request_error', code: string | null = null) => ({
  error: { message, type, param: null, code },
});

export const PROVIDERS: readonly Provider[] = [
  {
    name: 'OpenAI',
    base: '/v1',
    options: { model: 'text-embedding-3-large', dimensions: 4 },
    keyHeader: 'authorization',
    path: '/v1/embeddings',
    query: { model: 'text-embedding-3-large', input: INPUT, dimensions: 4 },
    fields: { model: null, input: null, dimensions: null, encoding_format: ENCODINGS, user: null },
    refusesUnknown: true,
    answer: 'openai',
    maxTexts: 2048,
    maxTokens: '8192 a text',
    tooMany: { status: 400, body: openAiError("'$.input' is invalid: array is too long, at most 2048 items") },
    errors: [
      {
        status: 401,
        body: openAiError('Incorrect API key provided.', undefined, 'invalid_api_key'),
        says: 'Incorrect',
      },
      { status: 429, body: openAiError('Rate limit reached.', 'requests', 'rate_limit_exceeded'), says: 'Rate limit' },
    ],
    unchecked: 'the words of the error for too many texts',
  },
  {
    name: 'Azure OpenAI',
    base: '/openai/deployments/embed-large?api-version=2024-02-01',
    options: { model: 'embed-large', dimensions: 4 },
    keyHeader: 'api-key',
    path: '/openai/deployments/embed-large/embeddings?api-version=2024-02-01',
    query: { model: 'embed-large', input: INPUT, dimensions: 4 },
    fields: { model: null, input: null, dimensions: null, encoding_format: ENCODINGS, user: null, input_type: null },
    refusesUnknown: false,
    answer: 'openai',
    maxTexts: 2048,
    maxTokens: '8192 a text',
    tooMany: null,
    errors: [
      { status: 404, body: { error: { code: 'DeploymentNotFound', message: 'No such deployment.' } }, says: 'No such' },
      { status: 401, body: { error: { code: '401', message: 'Access denied.' } }, says: 'Access denied' },
    ],
    unchecked: 'the error for too many texts',
  },
  {
    name: 'Gemini, compatible',
    base: '/v1beta/openai',
    options: { model: 'gemini-embedding-001', dimensions: 4 },
    keyHeader: 'authorization',
    path: '/v1beta/openai/embeddings',
    query: { model: 'gemini-embedding-001', input: INPUT, dimensions: 4 },
    fields: { model: null, input: null, dimensions: null, encoding_format: ENCODINGS },
    refusesUnknown: true,
    answer: 'no-index-0',
    maxTexts: 100,
    maxTokens: '2048 a text',
    tooMany: {
      status: 400,
      body: [{ error: { code: 400, message: 'at most 100 requests can be in one batch', status: 'INVALID_ARGUMENT' } }],
    },
    errors: [
      {
        status: 400,
        body: [{ error: { code: 400, message: 'API key not valid.', status: 'INVALID_ARGUMENT' } }],
        says: 'API key not valid',
      },
    ],
    unchecked: 'whether unknown fields are refused',
  },
  {
    name: 'Mistral',
    base: '/v1',
    options: { model: 'codestral-embed', dimensions: 4, dimensionsField: 'output_dimension' },
    keyHeader: 'authorization',
    path: '/v1/embeddings',
    query: { model: 'codestral-embed', input: INPUT, output_dimension: 4 },
    fields: {
      model: null,
      input: null,
      output_dimension: null,
      output_dtype: ['float', 'int8', 'uint8', 'binary', 'ubinary'],
      encoding_format: ENCODINGS,
      metadata: null,
    },
    refusesUnknown: true,
    answer: 'openai',
    maxTexts: 256,
    maxTokens: '8192 a text',
    tooMany: {
      status: 400,
      body: { object: 'error', message: 'Too many inputs in request, split into more batches.' },
    },
    errors: [
      {
        status: 422,
        body: {
          object: 'error',
          message: { detail: [{ type: 'extra_forbidden', loc: ['body', 'dimensions'], msg: 'Extra inputs' }] },
        },
        says: 'body.dimensions: Extra inputs',
      },
      { status: 401, body: { detail: 'Unauthorized' }, says: 'Unauthorized' },
    ],
    unchecked: 'the length of a text',
  },
  {
    name: 'Cohere, compatible',
    base: '/compatibility/v1',
    options: { model: 'embed-v4.0' },
    keyHeader: 'authorization',
    path: '/compatibility/v1/embeddings',
    query: { model: 'embed-v4.0', input: INPUT },
    fields: { model: null, input: null, encoding_format: ENCODINGS },
    refusesUnknown: true,
    answer: 'openai',
    maxTexts: 96,
    maxTokens: 'that of the model',
    tooMany: { status: 400, body: { id: 'x', message: 'invalid request: total number of texts must be at most 96' } },
    errors: [{ status: 401, body: { id: 'x', message: 'invalid api token' }, says: 'invalid api token' }],
    unchecked: 'the limit of texts on this endpoint (96 is that of v2) and the words of its error',
  },
  {
    name: 'Cohere v2',
    base: '/v2/embed',
    options: {
      model: 'embed-v4.0',
      dimensions: 4,
      dimensionsField: 'output_dimension',
      inputField: 'texts',
      queryFields: { input_type: 'search_query', embedding_types: ['float'] },
      documentFields: { input_type: 'search_document', embedding_types: ['float'] },
    },
    keyHeader: 'authorization',
    path: '/v2/embed',
    query: { ...COHERE_V2, input_type: 'search_query' },
    document: { ...COHERE_V2, input_type: 'search_document' },
    fields: {
      model: null,
      texts: null,
      output_dimension: null,
      input_type: ['search_query', 'search_document', 'classification', 'clustering'],
      embedding_types: null,
      truncate: ['NONE', 'START', 'END'],
    },
    refusesUnknown: true,
    answer: 'embeddings.float',
    maxTexts: 96,
    maxTokens: 'that of the model',
    tooMany: { status: 400, body: { id: 'x', message: 'invalid request: total number of texts must be at most 96' } },
    errors: [{ status: 429, body: { message: 'You are using a Trial key.' }, says: 'Trial key' }],
    unchecked: 'the words of the error for too many texts',
  },
  {
    name: 'Voyage',
    base: '/v1',
    options: {
      model: 'voyage-4',
      dimensions: 4,
      dimensionsField: 'output_dimension',
      queryFields: { input_type: 'query' },
      documentFields: { input_type: 'document', truncation: true },
    },
    keyHeader: 'authorization',
    path: '/v1/embeddings',
    query: { model: 'voyage-4', input: INPUT, output_dimension: 4, input_type: 'query' },
    document: { model: 'voyage-4', input: INPUT, output_dimension: 4, input_type: 'document', truncation: true },
    fields: {
      model: null,
      input: null,
      input_type: ['query', 'document', null],
      truncation: [true, false],
      output_dimension: null,
      output_dtype: ['float', 'int8', 'uint8', 'binary', 'ubinary'],
      encoding_format: ['base64', null],
    },
    refusesUnknown: true,
    answer: 'openai',
    maxTexts: 1000,
    maxTokens: '32000 a text, and 120000 to 1000000 a request, by model',
    tooMany: { status: 400, body: { detail: 'The batch size limit is 1000 items.' } },
    errors: [{ status: 401, body: { detail: 'Provided API key is invalid.' }, says: 'API key is invalid' }],
    unchecked: 'the words of the error for too many texts',
  },
  {
    name: 'Jina',
    base: '/v1',
    options: {
      model: 'jina-embeddings-v3',
      dimensions: 4,
      queryFields: { task: 'retrieval.query' },
      documentFields: { task: 'retrieval.passage', truncate: true },
    },
    keyHeader: 'authorization',
    path: '/v1/embeddings',
    query: { model: 'jina-embeddings-v3', input: INPUT, dimensions: 4, task: 'retrieval.query' },
    document: { model: 'jina-embeddings-v3', input: INPUT, dimensions: 4, task: 'retrieval.passage', truncate: true },
    fields: {
      model: null,
      input: null,
      dimensions: null,
      task: ['retrieval.query', 'retrieval.passage', 'text-matching', 'classification', 'separation'],
      truncate: [true, false],
      late_chunking: [true, false],
      embedding_type: null,
      normalized: [true, false],
    },
    refusesUnknown: true,
    answer: 'openai',
    maxTexts: 2048,
    maxTokens: '8192 a text',
    tooMany: {
      status: 422,
      body: { detail: [{ loc: ['body', 'input'], msg: 'at most 2048 items', type: 'too_long' }] },
    },
    errors: [{ status: 401, body: { detail: 'Invalid API key' }, says: 'Invalid API key' }],
    unchecked: 'the limit of texts and its error',
  },
  {
    name: 'Together',
    base: '/v1',
    options: { model: 'intfloat/multilingual-e5-large-instruct', prompt: 'Query: {text}' },
    keyHeader: 'authorization',
    path: '/v1/embeddings',
    query: { model: 'intfloat/multilingual-e5-large-instruct', input: ['Query: one', 'Query: two'] },
    document: { model: 'intfloat/multilingual-e5-large-instruct', input: INPUT },
    fields: { model: null, input: null },
    refusesUnknown: false,
    answer: 'openai',
    maxTexts: null,
    maxTokens: 'that of the model',
    tooMany: null,
    errors: [{ status: 404, body: openAiError('Unable to access model x.'), says: 'Unable to access model' }],
    unchecked: 'the limit of texts',
  },
  {
    name: 'Ollama',
    base: '/api/embed',
    options: { model: 'nomic-embed-text', documentFields: { truncate: true }, queryFields: { truncate: true } },
    keyHeader: null,
    path: '/api/embed',
    query: { model: 'nomic-embed-text', input: INPUT, truncate: true },
    fields: { model: null, input: null, truncate: [true, false], options: null, keep_alive: null, dimensions: null },
    refusesUnknown: false,
    answer: 'embeddings',
    maxTexts: null,
    maxTokens: 'that of the model; longer texts are cut unless truncate is false',
    tooMany: null,
    errors: [
      { status: 404, body: { error: 'model "x" not found, try pulling it first' }, says: 'try pulling it' },
      { status: 400, body: { error: 'the input length exceeds the context length' }, says: 'context length' },
    ],
    unchecked: '',
  },
  {
    name: 'vLLM',
    base: '/v1',
    options: { model: 'Qwen/Qwen3-Embedding-0.6B', documentFields: { truncate_prompt_tokens: 8192 } },
    keyHeader: 'authorization',
    path: '/v1/embeddings',
    query: { model: 'Qwen/Qwen3-Embedding-0.6B', input: INPUT },
    document: { model: 'Qwen/Qwen3-Embedding-0.6B', input: INPUT, truncate_prompt_tokens: 8192 },
    fields: { model: null, input: null, dimensions: null, encoding_format: ENCODINGS, truncate_prompt_tokens: null },
    refusesUnknown: false,
    answer: 'openai',
    maxTexts: null,
    maxTokens: 'that of the model (--max-model-len)',
    tooMany: null,
    errors: [
      {
        status: 400,
        body: { object: 'error', message: 'maximum context length is 512 tokens', type: 'BadRequestError', code: 400 },
        says: 'maximum context length',
      },
      { status: 400, body: openAiError('dimensions are not supported', 'BadRequestError'), says: 'not supported' },
      { status: 401, body: { error: 'Unauthorized' }, says: 'Unauthorized' },
    ],
    unchecked: '',
  },
  {
    name: 'TEI, compatible',
    base: '/v1',
    options: { model: 'BAAI/bge-small-en-v1.5' },
    keyHeader: 'authorization',
    path: '/v1/embeddings',
    query: { model: 'BAAI/bge-small-en-v1.5', input: INPUT },
    fields: { model: null, input: null, dimensions: null, encoding_format: ENCODINGS, user: null },
    refusesUnknown: false,
    answer: 'openai',
    maxTexts: 32,
    maxTokens: 'that of the model; a longer text is refused unless the server runs with --auto-truncate',
    tooMany: {
      status: 422,
      body: { error: 'batch size 33 > maximum allowed batch size 32', error_type: 'Validation' },
    },
    errors: [
      { status: 429, body: { message: 'Model is overloaded', error_type: 'overloaded' }, says: 'Model is overloaded' },
      { status: 413, body: { error: 'inputs must have less than 512 tokens', error_type: 'Validation' }, says: 'less' },
    ],
    unchecked: 'the status for too many texts (422 in reports, 413 in the reference)',
  },
  {
    name: 'TEI /embed',
    base: '/embed',
    options: {
      model: 'BAAI/bge-small-en-v1.5',
      inputField: 'inputs',
      queryFields: { truncate: true },
      documentFields: { truncate: true },
    },
    keyHeader: 'authorization',
    path: '/embed',
    query: { model: 'BAAI/bge-small-en-v1.5', inputs: INPUT, truncate: true },
    fields: { inputs: null, truncate: [true, false], normalize: [true, false], prompt_name: null, dimensions: null },
    refusesUnknown: false,
    answer: 'bare-list',
    maxTexts: 32,
    maxTokens: 'that of the model; longer texts are cut where truncate is true',
    tooMany: {
      status: 413,
      body: { error: 'batch size 33 > maximum allowed batch size 32', error_type: 'Validation' },
    },
    errors: [{ status: 424, body: { error: 'Inference failed', error_type: 'backend' }, says: 'Inference failed' }],
    unchecked: '',
  },
  {
    name: 'LM Studio',
    base: '/v1',
    options: { model: 'text-embedding-nomic-embed-text-v1.5', prompt: 'search_query: {text}' },
    keyHeader: null,
    path: '/v1/embeddings',
    query: { model: 'text-embedding-nomic-embed-text-v1.5', input: ['search_query: one', 'search_query: two'] },
    document: { model: 'text-embedding-nomic-embed-text-v1.5', input: INPUT },
    fields: { model: null, input: null, encoding_format: ENCODINGS },
    refusesUnknown: false,
    answer: 'openai',
    maxTexts: null,
    maxTokens: 'that of the loaded model',
    tooMany: null,
    errors: [{ status: 400, body: { error: "'input' field must be a string" }, says: "'input' field" }],
    unchecked: 'the limit of texts',
  },
  {
    name: 'llama.cpp',
    base: '/v1',
    options: { model: 'nomic-embed-text-v1.5', prompt: 'search_query: {text}' },
    keyHeader: 'authorization',
    path: '/v1/embeddings',
    query: { model: 'nomic-embed-text-v1.5', input: ['search_query: one', 'search_query: two'] },
    document: { model: 'nomic-embed-text-v1.5', input: INPUT },
    fields: { model: null, input: null, encoding_format: ENCODINGS },
    refusesUnknown: false,
    answer: 'openai',
    maxTexts: null,
    maxTokens: 'the physical batch size (--ubatch-size, 512)',
    tooMany: null,
    errors: [
      {
        status: 500,
        body: { error: { code: 500, message: 'input (992 tokens) is too large to process', type: 'server_error' } },
        says: 'too large to process',
      },
      {
        status: 401,
        body: { error: { code: 401, message: 'Invalid API Key', type: 'authentication_error' } },
        says: 'Invalid API Key',
      },
    ],
    unchecked: '',
  },
];
