import { appendFileSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isEraError } from '../errors.ts';
import { keyOf, RECORD_BYTES, RecordFile } from './record-file.ts';
import { folderForTest } from './setup/folder-for-test.ts';

function withFile<T>(path: string, work: (file: RecordFile) => T, keptBytes?: number): T {
  const file = new RecordFile(path, keptBytes);
  try {
    return work(file);
  } finally {
    file.close();
  }
}

const contentOf = (path: string, name: string): string | undefined =>
  withFile(path, (file) => file.get(keyOf(name))?.toString());

test('a key has what was kept for it last, from the next run on', () => {
  const path = join(folderForTest(), 'deep/records');
  withFile(path, (file) => {
    file.append([[keyOf('one'), Buffer.from('first')]]);
    expect(file.get(keyOf('one'))).toBeNull();
    file.append([
      [keyOf('two'), Buffer.from('')],
      [keyOf('one'), Buffer.from('second')],
    ]);
  });
  expect(contentOf(path, 'one')).toBe('second');
  expect(contentOf(path, 'two')).toBe('');
  expect(withFile(path, ({ size }) => size)).toBe(2);
});

test('keys of parts differ where the parts do', () => {
  expect(keyOf('ab', 'c')).not.toEqual(keyOf('a', 'bc'));
  expect(keyOf('ab')).not.toEqual(keyOf('ab', ''));
});

test('a record may be longer than what is read at once', () => {
  const path = join(folderForTest(), 'records');
  const long = Buffer.alloc(9 << 20, 'long');
  withFile(path, (file) => {
    file.append([[keyOf('before'), Buffer.from('b')]]);
    file.append([[keyOf('long'), long]]);
    file.append([[keyOf('after'), Buffer.from('a')]]);
  });
  expect(withFile(path, (file) => file.get(keyOf('long'))?.equals(long))).toBe(true);
  expect(contentOf(path, 'before')).toBe('b');
  expect(contentOf(path, 'after')).toBe('a');

  appendFileSync(path, readFileSync(path).subarray(RECORD_BYTES, RECORD_BYTES + (8 << 20)));
  withFile(path, (file) => file.append([[keyOf('later'), Buffer.from('l')]]));
  expect(contentOf(path, 'later')).toBe('l');
});

test('any damage costs the records it touches and no others', () => {
  const records = fc.array(fc.tuple(fc.nat(40), fc.uint8Array({ maxLength: 60 })), { minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(records, fc.nat(), fc.uint8Array({ minLength: 1, maxLength: 200 }), (given, place, junk) => {
      const path = join(folderForTest(), 'records');
      const all = given.map(([name, content], i) => [keyOf(`${name} ${i}`), content] as const);
      withFile(path, (file) => file.append(all));
      const bytes = readFileSync(path);
      const at = place % bytes.length;
      const end = Math.min(bytes.length, at + junk.length);
      writeFileSync(path, Buffer.concat([bytes.subarray(0, at), junk, bytes.subarray(end)]));
      withFile(path, (file) => {
        let start = 0;
        for (const [key, content] of all) {
          const next = start + RECORD_BYTES + content.length;
          const found = file.get(key);
          if (next <= at || start >= end) expect(found?.equals(content)).toBe(true);
          else if (found) expect(found.equals(content)).toBe(true); // the junk was the same bytes
          start = next;
        }
      });
    }),
    { numRuns: 100 },
  );
});

test('a file that has grown too large keeps what the run used and the newest of the rest', () => {
  const path = join(folderForTest(), 'records');
  const content = Buffer.alloc(100 - RECORD_BYTES);
  withFile(path, (file) => file.append(Array.from({ length: 50 }, (_, i) => [keyOf(`old ${i}`), content] as const)));
  withFile(
    path,
    (file) => {
      expect(file.get(keyOf('old 3'))).not.toBeNull();
      file.append([[keyOf('new'), content]]);
      file.prune();
    },
    2000,
  );
  expect(statSync(path).size).toBe(1000);
  const kept = withFile(path, (file) =>
    ['old 0', 'old 3', 'old 42', 'old 49', 'new'].filter((name) => file.get(keyOf(name)) !== null),
  );
  expect(kept).toEqual(['old 3', 'old 42', 'old 49', 'new']);
});

test('a folder that cannot be made is named', () => {
  const folder = folderForTest({ file: 'in the way' });
  expect(() => new RecordFile(join(folder, 'file/records'))).toThrow(
    expect.toSatisfy((error: unknown) => isEraError(error, 'invalid-option')),
  );
});
