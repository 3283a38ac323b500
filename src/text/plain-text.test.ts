import fc from 'fast-check';
import { expect, test } from 'vitest';
import { plainLines, plainText, shortened } from './plain-text.ts';

test.each([
  ['soft hyphens and zero-width characters', 'se\u00ADcret \u200Bword\uFEFF s\u200Ce\u200Dt', 'secret word set'],
  ['controls of direction', '\u202Eevil\u202C \u2066x\u2069\u200F', 'evil x'],
  ['white space of all kinds', ' a\u00A0\n\t b\u2003c ', 'a b c'],
  ['control characters and halves of characters', 'a\u0000b\uD800c', 'a b c'],
  ['letters in two parts', 'Cafe\u0301', 'Café'],
  ['joiners that are part of the spelling', 'می\u200Cخواهم 👩\u200D💻', 'می\u200Cخواهم 👩\u200D💻'],
])('%s', (_, text, plain) => {
  expect(plainText(text)).toBe(plain);
});

test('plain text is unchanged', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => plainText(plainText(text)) === plainText(text)));
});

test('code keeps its lines and their indentation, without empty lines and what all are indented by', () => {
  expect(plainLines('if x:\r\n\t return  1\n\n\rend\u00AD')).toBe('if x:\n     return 1\nend');
  expect(plainLines('  \ta {\n\u00A0\u00A0\u00A0\u00A0  b\n    }\n  ')).toBe('a {\n  b\n}');
  expect(plainLines(`a\n${' '.repeat(200)}b`)).toBe(`a\n${' '.repeat(40)}b`);
  expect(plainLines(' \n\t\n')).toBe('');
});

test('plain lines are unchanged', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => plainLines(plainLines(text)) === plainLines(text)));
});

test('a text is shortened between words, and never inside a character', () => {
  expect(shortened('one two three', 9)).toBe('one two…');
  expect(shortened('one', 3)).toBe('one');
  expect(shortened('aaa😀', 4)).toBe('aaa…');
});
