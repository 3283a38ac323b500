// Normalises text for readers: no characters that only control its display, one form for each letter, single white
// space.

/**
 * Soft hyphens, zero-width spaces, joiners and byte order marks, and the controls of bidirectional text. Joiners are
 * kept in scripts and emoji that are spelt with them.
 */
const UNSEEN =
  /[\u00AD\u180E\u200B\u200E\u200F\u061C\u202A-\u202E\u2060-\u2064\u2066-\u206F\uFEFF]|(?<![\p{Script_Extensions=Arabic}\p{Script_Extensions=Devanagari}\p{Script_Extensions=Bengali}\p{Script_Extensions=Kannada}\p{Script_Extensions=Malayalam}\p{Script_Extensions=Sinhala}\p{Script_Extensions=Tamil}\p{Script_Extensions=Telugu}\p{Extended_Pictographic}\p{Emoji_Modifier}\uFE0F])[\u200C\u200D]/gu;
const CONTROLS = /[\p{Cc}\p{Cs}]/gu;

/** A longer heading is a text that was marked up as one: it is shortened in trails, and kept whole in the section. */
export const MAX_HEADING_LENGTH = 160;

/** Normalises to one line. */
export function plainText(text: string): string {
  return text.replace(UNSEEN, '').replace(CONTROLS, ' ').replace(/\s+/g, ' ').trim().normalize('NFC');
}

const INDENTATION = /^[\p{Zs}\t]*/u;
/** Columns of a tab. */
const TAB = 4;
/** Most columns of indentation that are kept. */
const MAX_INDENTATION = 40;

/** Normalises and keeps line breaks and indentation, for code; that of all lines, and empty lines, are left out. */
export function plainLines(text: string): string {
  const lines = text
    .split(/\r\n?|\n/)
    .map((line) => ({ columns: columnsOf(INDENTATION.exec(line)![0]), text: plainText(line) }))
    .filter(({ text: words }) => words !== '');
  const shared = Math.min(...lines.map(({ columns }) => columns));
  return lines
    .map(({ columns, text: words }) => ' '.repeat(Math.min(columns - shared, MAX_INDENTATION)) + words)
    .join('\n');
}

function columnsOf(indentation: string): number {
  let columns = 0;
  for (const character of indentation) columns += character === '\t' ? TAB - (columns % TAB) : 1;
  return columns;
}

/** At most about `length` characters, cut between words where there are any. */
export function shortened(text: string, length: number): string {
  if (text.length <= length) return text;
  const cut = text.slice(0, length).replace(/[\uD800-\uDBFF]$/, '');
  const space = cut.lastIndexOf(' ');
  return `${(space > length / 2 ? cut.slice(0, space) : cut).trimEnd()}…`;
}
