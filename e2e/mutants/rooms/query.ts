import type { Mutant } from '../mutant.ts';

export const query: readonly Mutant[] = [
  {
    id: 'cache-key-without-role',
    file: 'remote-encoder.ts',
    find: `\${fieldsId === '' ? '' : \`\${role}\\n\`}`,
    replace: '',
    breaks: 'A text as a query gets the vector that was fetched for it as a passage.',
  },
  {
    id: 'batches-stay-small',
    file: 'remote-encoder.ts',
    find: `
        batchTexts = settings.maxBatchTexts; // the length of this text was the reason, not the number of texts`,
    replace: '',
    breaks: 'After one text that is too long every text is a request of its own.',
  },
  {
    id: 'other-batches-go-on',
    file: 'remote-encoder.ts',
    find: `
      stop.abort(error);`,
    replace: '',
    breaks: 'After a failure the other batches go on, and cost money.',
  },
  {
    id: 'retry-after-unlimited',
    file: 'retry.ts',
    find: `Math.min(askedMs, limits.maxRetryAfterMs)`,
    replace: `askedMs`,
    breaks: 'A server that says “in an hour” is waited for as long as the request may take.',
  },
  {
    id: 'retry-past-the-end',
    file: 'retry.ts',
    find: `return performance.now() + delayMs < endsAtMs;`,
    replace: `return true;`,
    breaks: 'A wait begins that ends after the time of the whole request.',
  },
  {
    id: 'key-shown-without-scheme',
    file: 'embeddings-request.ts',
    find: `for (const part of value.split(/\\s+/)) secrets.add(part);`,
    replace: `secrets.add(value);`,
    breaks: 'A server that repeats the key without “Bearer” has it shown in the error.',
  },
  {
    id: 'redirects-followed',
    file: 'embeddings-request.ts',
    find: `redirect: 'manual',`,
    replace: `redirect: 'follow',`,
    breaks: 'The key and the texts are sent to wherever the server redirects.',
  },
  {
    id: 'index-twice',
    file: 'embeddings-response.ts',
    find: `
    if (seen.has(index)) throw wrong(\`\${path}.index\`, \`repeats \${String(index)}\`);`,
    replace: '',
    breaks: 'A response with one index twice gives a text the vector of another, or none.',
  },
  {
    id: 'fields-in-any-order',
    file: 'remote-options.ts',
    find: `.sort(([a], [b]) => (a < b ? -1 : 1))`,
    replace: '',
    breaks: 'The same fields in another order are another space, whose adapters do not fit.',
  },
];
