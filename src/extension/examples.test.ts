// The examples of examples/extend: each passes the contract of its kind, as a reader's own would.

import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { describeTrainer } from '../adapter/trainer.contract.ts';
import { describeAnalyzer } from '../analysis/analyzer.contract.ts';
import { DEFAULT_ANALYZER } from '../analysis/analyzers.ts';
import { describeEncoder } from '../encode/encoder.contract.ts';
import { dot, row } from '../math/vector.ts';
import { describeRetriever } from '../search/retriever.contract.ts';
import type { Retriever } from '../search/retriever.ts';
import analyzerExample from '../../examples/extend/analyzer.js';
import encoderExample from '../../examples/extend/encoder.js';
import retrieverExample from '../../examples/extend/retriever.js';
import trainerExample from '../../examples/extend/trainer.js';
import { checkExtension, type Extension } from './extension.ts';
import { openOwnEncoder } from './open-own-encoder.ts';
import { openOwnRetriever } from './open-own-retriever.ts';
import { openOwnTrainer } from './open-own-trainer.ts';

const analyzer: Extension = checkExtension(analyzerExample, 'examples/extend/analyzer.js');
const encoder: Extension = checkExtension(encoderExample, 'examples/extend/encoder.js');
const retriever: Extension = checkExtension(retrieverExample, 'examples/extend/retriever.js');
const trainer: Extension = checkExtension(trainerExample, 'examples/extend/trainer.js');

const esperanto = await analyzer.analyzers![0]!.load(DEFAULT_ANALYZER);
describeAnalyzer(esperanto, 20_000);

test('the analyzer finds the forms of a word under one stem', () => {
  const forms = ['libro', 'librojn', 'libroj'].map((word) => esperanto.tokens(word)[0]!.forms);
  expect(forms).toEqual([['libr!eo'], ['libr!eo'], ['libr!eo']]);
  expect(esperanto.tokens('la')[0]!.forms).toEqual([]);
});

describeEncoder('letter trigrams', async () => ({ encoder: (await openOwnEncoder(encoder))!.encoder, leastCosine: 1 }));

const DOCUMENTS = [
  'resetting a password',
  'interest rates',
  'passwords and accounts',
  'a cat on a mat',
  'rates of pay',
];
const QUERIES = ['pasword reset', 'interest rate', 'cats'];
const IDS = DOCUMENTS.map((_, i) => `doc-${i}`);

/** A search engine of its own: ranks by letter trigrams. */
async function rankServer(): Promise<Server> {
  const { encoder: trigrams } = (await openOwnEncoder(encoder))!;
  const { dims } = trigrams.space;
  const documents = await trigrams.encode(DOCUMENTS, 'passage');
  return createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { text, k, ids } = JSON.parse(Buffer.concat(chunks).toString()) as {
        text: string;
        k?: number;
        ids?: string[];
      };
      void trigrams.encode([text], 'query').then((query) => {
        const scores = new Map(IDS.map((id, i) => [id, Math.min(1, dot(query, row(documents, i, dims)))]));
        const ranked = [...scores].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1)).slice(0, k);
        const best = { ids: ranked.map(([id]) => id), scores: ranked.map(([, score]) => score) };
        response.end(JSON.stringify(ids ? { scores: ids.map((id) => scores.get(id)) } : best));
      });
    });
  });
}

describe('the retriever', () => {
  let server: Server;
  let opened: Retriever;
  beforeAll(async () => {
    server = await rankServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/search/era-search.json`;
    opened = (await openOwnRetriever(retriever, { count: IDS.length, url, ids: () => Promise.resolve(IDS) }))!;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  describeRetriever('over HTTP, as in the example', () => ({
    retriever: opened,
    queries: QUERIES.map((text) => ({ text, vector: null })),
    vector: null,
  }));

  test('finds what the server finds', async () => {
    const { ids } = await opened.retrieve({ text: 'pasword reset', vector: null }, { k: 2 });
    expect([...ids].sort()).toEqual([0, 2]);
  });
});

describe('the trainer', () => {
  describeTrainer({
    trainer: () => openOwnTrainer(trainer),
    bound: {
      align: (3 * Math.sqrt(60)) / Math.SQRT2 / 0.1,
      adapt: (largest) => largest + 0.5 * 1.01,
      because: 'the alignment is the closed form’s; the shift is half of a mean of unit vectors, in codes',
    },
    path: 'local',
    chooses: false,
  });
});
