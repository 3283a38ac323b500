// Reads a task's `docs.jsonl` in blocks, so that a corpus of any size needs the memory of one block.

import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { EraError, isEraError, messageOf } from '../../errors.ts';
import { assertNotEmpty, MAX_ROWS, parseDoc, Row } from '../../evaluate/parse-task.ts';
import type { TaskDoc } from '../../evaluate/task.ts';

const BLOCK_PASSAGES = 512;
const NEWLINE = 0x0a;
/** A longer line is a damaged file: a text has at most a million characters. */
const MAX_LINE_BYTES = 16_000_000;

export interface Line {
  /** Without its newline. */
  readonly text: string;
  /** From 1. */
  readonly number: number;
  /** Byte offset of its beginning. */
  readonly at: number;
}

export interface PassageList {
  /** Passage id → row number. */
  readonly rowOf: ReadonlyMap<string, number>;
  /** Byte offset of each row's line in the file. */
  readonly offsets: readonly number[];
  /** sha-256 of the file in hexadecimal. */
  readonly sha256: string;
}

/**
 * @throws EraError `invalid-input`, `malformed-jsonl`, `duplicate-id`, `empty-corpus`, `too-large`, with the file's
 * name
 */
export async function listPassages(path: string): Promise<PassageList> {
  const rowOf = new Map<string, number>();
  const offsets: number[] = [];
  const hash = createHash('sha256');
  await namingFile(path, async () => {
    for await (const { text, number, at } of readLines(path, hash)) {
      if (offsets.length === MAX_ROWS)
        throw new EraError('too-large', `More than ${MAX_ROWS} rows.`, { details: { line: number } });
      rowOf.set(parseDoc(new Row(text, number), rowOf).id, offsets.length);
      offsets.push(at);
    }
    assertNotEmpty(offsets);
  });
  return { rowOf, offsets, sha256: hash.digest('hex') };
}

/** Texts of all passages in file order, in blocks. @throws EraError as `listPassages`, except for repeated ids */
export async function* readPassages(path: string): AsyncGenerator<string[]> {
  let block: string[] = [];
  for await (const { text, number } of readLines(path)) {
    block.push(docOf(text, number).doc);
    if (block.length < BLOCK_PASSAGES) continue;
    yield block;
    block = [];
  }
  if (block.length > 0) yield block;
}

/** Texts of the passages whose lines begin at `offsets`. @throws EraError `invalid-input`, `malformed-jsonl` */
export async function readPassagesAt(path: string, offsets: readonly number[]): Promise<string[]> {
  const file = await open(path).catch((cause: unknown) => {
    throw cannotRead(path, cause);
  });
  try {
    const texts: string[] = [];
    for (const at of offsets) texts.push(docOf((await readLineAt(file, at)).trim(), 1).doc);
    return texts;
  } finally {
    await file.close();
  }
}

/** Adds the file's name to the messages of errors of `work`. */
export async function namingFile<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!isEraError(error)) throw error;
    const place = join(basename(dirname(path)), basename(path));
    throw new EraError(error.code, `${place}: ${error.message}`, {
      details: { ...error.details, file: place },
      cause: error,
    });
  }
}

const NONE: ReadonlySet<string> = new Set();

function docOf(text: string, line: number): TaskDoc {
  return parseDoc(new Row(text, line), NONE);
}

async function readLineAt(file: Awaited<ReturnType<typeof open>>, at: number): Promise<string> {
  for (let bytes = 1 << 16; ; bytes *= 4) {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(bytes), 0, bytes, at);
    const end = buffer.subarray(0, bytesRead).indexOf(NEWLINE);
    if (end !== -1 || bytesRead < bytes) return buffer.toString('utf8', 0, end === -1 ? bytesRead : end);
  }
}

/**
 * Lines that are not blank. Split at newlines only, since texts may contain other separators.
 * @param hash gets every byte
 */
export async function* readLines(path: string, hash?: Hash): AsyncGenerator<Line> {
  let rest: Buffer = Buffer.alloc(0);
  let restAt = 0;
  let number = 0;
  const lineOf = (bytes: Buffer, at: number): Line | null => {
    const marked = number++ === 0 && bytes.subarray(0, 3).equals(Buffer.of(0xef, 0xbb, 0xbf));
    const text = bytes.toString('utf8', marked ? 3 : 0).trim();
    return text === '' ? null : { text, number, at: marked ? at + 3 : at };
  };
  try {
    for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 }) as AsyncIterable<Buffer>) {
      hash?.update(chunk);
      const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
      let start = 0;
      for (let end = bytes.indexOf(NEWLINE); end !== -1; start = end + 1, end = bytes.indexOf(NEWLINE, start)) {
        const line = lineOf(bytes.subarray(start, end), restAt + start);
        if (line) yield line;
      }
      rest = bytes.subarray(start);
      restAt += start;
      if (rest.length > MAX_LINE_BYTES)
        throw new EraError('too-large', `Line ${number + 1} is longer than ${MAX_LINE_BYTES} bytes.`);
    }
  } catch (cause) {
    throw isEraError(cause) ? cause : cannotRead(path, cause);
  }
  const last = lineOf(rest, restAt);
  if (last) yield last;
}

function cannotRead(path: string, cause: unknown): EraError {
  return new EraError('invalid-input', `Cannot read ${path}: ${messageOf(cause)}`, { cause });
}
