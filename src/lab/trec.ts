// Reads and writes TREC's two file formats: qrels (`qid iter docid rel`) and runs (`qid Q0 docid rank score tag`), one
// line each, fields separated by white space (trec_eval's README). It works on text, not on files. A byte order mark,
// CRLF and blank lines are allowed.

import { EraError, type ErrorCode } from '../errors.ts';
import { MAX_FILE_CHARS } from '../evaluate/parse-task.ts';

/** Query id → passage id → relevance, a whole number: relevant above 0, judged not relevant at 0 or below. */
export type Qrels = ReadonlyMap<string, ReadonlyMap<string, number>>;

export interface RankedPassage {
  readonly id: string;
  readonly score: number;
}

export interface TrecRun {
  /** Name of the system. */
  readonly tag: string;
  /** Query id → passages, best first by `inTrecOrder`. */
  readonly rankings: ReadonlyMap<string, readonly RankedPassage[]>;
}

const INTEGER = /^[+-]?\d+$/;
/** Every digit matches in one way only, so that the time is linear in the length of a field. */
const NUMBER = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?$/i;

/** The fields of a line. */
const QRELS = ['qid', 'iter', 'docid', 'rel'];
const RUN = ['qid', 'Q0', 'docid', 'rank', 'score', 'tag'];

/** @throws EraError `trec-format`, `duplicate-id` (both with `line`), `too-large` */
export function parseQrels(text: string): Qrels {
  const qrels = new Map<string, Map<string, number>>();
  eachLine(text, QRELS, ([qid, , id, relevance], fail) => {
    const value = Number(relevance);
    if (!INTEGER.test(relevance!) || !Number.isSafeInteger(value))
      fail('trec-format', `the relevance “${shown(relevance!)}” is not a whole number`);
    add(qrels, qid!, id!, value, fail);
  });
  return qrels;
}

/** @throws EraError `trec-format` for an id with white space, or a relevance that is not a whole number */
export function writeQrels(qrels: Qrels): string {
  const lines: string[] = [];
  for (const [qid, judged] of qrels) {
    for (const [id, relevance] of judged) {
      if (!Number.isSafeInteger(relevance))
        throw new EraError('trec-format', `The relevance ${relevance} of “${id}” is not a whole number.`, {
          details: { qid, id },
        });
      lines.push(`${field(qid)} 0 ${field(id)} ${relevance === 0 ? 0 : relevance}\n`);
    }
  }
  return lines.join('');
}

/**
 * Ranks in the file are ignored, as by trec_eval: scores give the order.
 * @throws EraError `trec-format` (also for a second tag), `duplicate-id` (both with `line`), `too-large`,
 * `invalid-input` for a file without lines
 */
export function parseRun(text: string): TrecRun {
  const scores = new Map<string, Map<string, number>>();
  let tag: string | undefined;
  eachLine(text, RUN, ([qid, , id, rank, score, name], fail) => {
    if (!INTEGER.test(rank!)) fail('trec-format', `the rank “${shown(rank!)}” is not a whole number`);
    const value = Number(score);
    if (!NUMBER.test(score!) || !Number.isFinite(value))
      fail('trec-format', `the score “${shown(score!)}” is not a number`);
    tag ??= name!;
    if (name !== tag) fail('trec-format', `the run is called “${shown(name!)}” here and “${shown(tag)}” before`);
    add(scores, qid!, id!, value, fail);
  });
  if (tag === undefined) throw new EraError('invalid-input', 'The run has no lines.');
  return {
    tag,
    rankings: new Map(
      Array.from(scores, ([qid, byId]) => [qid, inTrecOrder(Array.from(byId, ([id, score]) => ({ id, score })))]),
    ),
  };
}

/**
 * Ranks start at 1, in the order of the scores.
 * @throws EraError `trec-format` for an id or a tag with white space, or a score that is not finite
 */
export function writeRun({ tag, rankings }: TrecRun): string {
  const lines: string[] = [];
  for (const [qid, passages] of rankings) {
    for (const [i, { id, score }] of inTrecOrder(passages).entries()) {
      if (!Number.isFinite(score))
        throw new EraError('trec-format', `The score of “${id}” is ${score}.`, { details: { qid, id } });
      lines.push(`${field(qid)} Q0 ${field(id)} ${i + 1} ${score === 0 ? 0 : score} ${field(tag)}\n`);
    }
  }
  return lines.join('');
}

/**
 * trec_eval's order: descending scores as single-precision numbers, and of equals the greater id first, by its bytes
 * (`trec_eval` 9, form_res_rels.c).
 * @returns a copy
 */
export function inTrecOrder(passages: readonly RankedPassage[]): RankedPassage[] {
  return passages.toSorted((a, b) => Math.fround(b.score) - Math.fround(a.score) || compareBytes(b.id, a.id));
}

/** `strcmp` of the texts in UTF-8, which orders by code points: units of surrogate pairs are above all others. */
function compareBytes(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const [x, y] = [a.charCodeAt(i), b.charCodeAt(i)];
    if (x !== y) return Number(isSurrogate(x)) - Number(isSurrogate(y)) || x - y;
  }
  return a.length - b.length;
}

function isSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdfff;
}

type Fail = (code: ErrorCode, message: string) => never;

function add(all: Map<string, Map<string, number>>, qid: string, id: string, value: number, fail: Fail): void {
  const own = all.get(qid) ?? new Map<string, number>();
  if (own.has(id)) fail('duplicate-id', `the passage “${shown(id)}” is there twice for the query “${shown(qid)}”`);
  own.set(id, value);
  all.set(qid, own);
}

/** Reads each character once, so that the time is linear in the length of a line. */
function eachLine(text: string, names: readonly string[], read: (fields: readonly string[], fail: Fail) => void): void {
  if (text.length > MAX_FILE_CHARS)
    throw new EraError('too-large', `A file of ${text.length} characters is over the limit of ${MAX_FILE_CHARS}.`);
  let line = 0;
  for (let start = 0; start < text.length;) {
    const newline = text.indexOf('\n', start);
    const end = newline === -1 ? text.length : newline;
    const content = text.slice(start, end).trim(); // a byte order mark is white space
    line++;
    start = end + 1;
    if (content === '') continue;
    const fields = content.split(/\s+/);
    const fail: Fail = (code, message) => {
      throw new EraError(code, `Line ${line}: ${message}.`, { details: { line } });
    };
    if (fields.length !== names.length)
      fail('trec-format', `${fields.length} fields, where ${names.length} are wanted: ${names.join(', ')}`);
    read(fields, fail);
  }
}

/** A field as messages quote it. */
function shown(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)} …` : text;
}

function field(text: string): string {
  assertTrecField(text);
  return text;
}

/** @throws EraError `trec-format` for an id or a tag that the files cannot hold */
export function assertTrecField(text: string): void {
  if (text === '' || /\s/.test(text))
    throw new EraError('trec-format', `TREC's files cannot hold “${text}”: it is empty or has white space.`, {
      details: { text },
    });
}
