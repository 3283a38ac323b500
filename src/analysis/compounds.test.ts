import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compoundSplitter, compoundTerm } from './compounds.ts';

function splitterOf(language: string, words: string): (word: string) => readonly string[] {
  const known = words.split(' ');
  return compoundSplitter(language, (term) => known.filter((word) => word === term).length)!;
}

describe.each([
  [
    'de',
    'bus bus haltestelle druck reihenfolge seite seiten rand schule buch kapitel nummerierung arbeit arbeit zeit',
    [
      ['bushaltestelle', 'bus haltestelle'],
      ['druckreihenfolge', 'druck reihenfolge'],
      ['seitenrand', 'seiten rand'],
      ['schulbuch', 'schule buch'],
      ['arbeitszeit', 'arbeit zeit'],
      ['kapitelnummerierung', 'kapitel nummerierung'],
      ['haltestelle', ''],
      ['kapiteln', ''],
      ['buszeiten', ''],
    ],
  ],
  [
    'de',
    'ein ein ver ver stellung stellungen band',
    [
      ['einstellungen', ''],
      ['verband', ''],
    ],
  ],
  [
    'nl',
    'tekst verwerking stad deel',
    [
      ['tekstverwerking', 'tekst verwerking'],
      ['stadsdeel', 'stad deel'],
    ],
  ],
  [
    'sv',
    'sida nummer utskrift ordning',
    [
      ['sidnummer', 'sida nummer'],
      ['utskriftsordning', 'utskrift ordning'],
    ],
  ],
  [
    'fi',
    'sivu numero sisallys luettelo',
    [
      ['sivunumero', 'sivu numero'],
      ['sisallysluettelo', 'sisallys luettelo'],
    ],
  ],
  ['hu', 'oldal szam', [['oldalszam', 'oldal szam']]],
] as const)('%s: %s', (language, words, cases) => {
  test.each([...cases])('%s: %s', (word, pieces) => {
    expect(splitterOf(language, words)(word).join(' ')).toBe(pieces);
  });
});

test('the fewest words, then the commonest', () => {
  expect(splitterOf('de', 'fuss noten fussnoten bereich')('fussnotenbereich')).toEqual(['fussnoten', 'bereich']);
  expect(splitterOf('de', 'stau staub becken becken becken ecken')('staubecken')).toEqual(['stau', 'becken']);
});

test('other languages write words apart', () => {
  expect(compoundSplitter('en', () => 1)).toBeNull();
  expect([compoundTerm('haltestell!de'), compoundTerm('stop!en')]).toEqual(['haltestell!de+', null]);
});

test('any word has known pieces that are in it, in order', () => {
  const split = compoundSplitter('de', (term) => term.length % 3)!;
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('a', 'b', 's', 'e', 'n'), maxLength: 64 }), (word) => {
      let at = 0;
      for (const piece of split(word)) {
        expect(piece.length % 3).toBeGreaterThan(0);
        const found = word.indexOf(piece.slice(0, -1), at);
        expect(found).toBeGreaterThanOrEqual(at);
        at = found + piece.length - 1;
      }
    }),
  );
});
