import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { packContainer, unpackContainer } from './container.ts';
import { ContainerReader } from './container-reader.ts';

const files = fc.uniqueArray(fc.tuple(fc.string(), fc.uint8Array({ maxLength: 40 })), {
  selector: ([name]) => name,
  maxLength: 6,
});

test('packed files are unpacked unchanged', () => {
  fc.assert(
    fc.property(fc.string(), files, (facts, entries) => {
      const opened = unpackContainer(packContainer(facts, entries))!;
      expect(opened.facts).toBe(facts);
      expect([...opened.files].map(([name, bytes]) => [name, [...bytes]])).toEqual(
        entries.map(([name, bytes]) => [name, [...bytes]]),
      );
    }),
  );
});

test('truncated, longer or other bytes give null', () => {
  const whole = packContainer('facts', [['a', Uint8Array.of(1, 2, 3)]]);
  for (let length = 0; length < whole.length; length++) expect(unpackContainer(whole.slice(0, length))).toBeNull();
  expect(unpackContainer(Uint8Array.of(...whole, 0))).toBeNull();
  fc.assert(fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => void unpackContainer(new Uint8Array(bytes))));
  for (const text of [
    'null',
    '{"facts":1,"files":[]}',
    '{"facts":"","files":[["a",-1]]}',
    '{"facts":"","files":[["a"]]}',
  ]) {
    const header = new TextEncoder().encode(text);
    expect(unpackContainer(Uint8Array.of(header.length, 0, 0, 0, ...header))).toBeNull();
  }
});

test('a length past the end is refused at the first file that has it', () => {
  const text = JSON.stringify({ facts: '', files: Array.from({ length: 1000 }, (_, i) => [String(i), 2 ** 40]) });
  const header = new TextEncoder().encode(text);
  const bytes = Uint8Array.of(header.length & 255, header.length >> 8, 0, 0, ...header);
  const set = vi.spyOn(Map.prototype, 'set');
  const opened = unpackContainer(bytes);
  const times = set.mock.calls.length;
  set.mockRestore();
  expect(opened).toBeNull();
  expect(times).toBe(0);
});

test('a container in pieces of any size is unpacked as it is whole', () => {
  fc.assert(
    fc.property(fc.string(), files, fc.array(fc.nat({ max: 60 })), fc.boolean(), (facts, entries, cuts, areKept) => {
      const whole = packContainer(facts, entries);
      const found: [string, number[]][] = [];
      const reader = new ContainerReader(whole.length, (name, bytes) => found.push([name, [...bytes]]), areKept);
      const ends = [...cuts.map((cut) => cut % (whole.length + 1)), whole.length].sort((a, b) => a - b);
      let at = 0;
      for (const end of ends) {
        reader.push(whole.slice(at, end));
        at = end;
      }
      expect(reader.facts).toBe(facts);
      expect(found).toEqual(entries.map(([name, bytes]) => [name, [...bytes]]));
    }),
  );
});

test('truncated, longer or other bytes give no facts, and no file past a damaged header', () => {
  const whole = packContainer('facts', [['a', Uint8Array.of(1, 2, 3)]]);
  const factsOf = (bytes: Uint8Array<ArrayBuffer>): string | null => {
    const reader = new ContainerReader(bytes.length, () => undefined);
    reader.push(bytes);
    return reader.facts;
  };
  expect(factsOf(whole.slice())).toBe('facts');
  for (let length = 0; length < whole.length; length++) expect(factsOf(whole.slice(0, length))).toBeNull();
  expect(factsOf(Uint8Array.of(...whole, 0))).toBeNull();
});
