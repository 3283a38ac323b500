// Signs that can be searched for: operators (`??`, `=>`, `&`), which stand alone, and emoji.

/** What may stand before and after an operator: white space, and what surrounds quoted code. */
const BEFORE = '(?<=^|[\\s([{`\'"“‘])';
const AFTER = '(?=$|[\\s)\\]}`\'",;”’])';
const SINGLE = '[&%^~=<>+*$@]';
/** A line of one sign, a dash or an ellipsis is no operator. */
const REPEATED = ['*', '~', '/', '\\\\', '|', '+', '_', '?', '!', '%', '&'].map((sign) => `[${sign}]{3}`).join('|');
const LINES = `(?!-+(?![!-/:-@^|~])|\\.+(?![!-/:-@^|~])|#+(?![!-/:-@^|~])|${REPEATED})`;

/** Pattern of an operator, without groups. */
export const OPERATOR: string = `${BEFORE}(?:${LINES}[!#$%&*+\\-./:<=>?@\\\\^|~]{2,4}|${SINGLE})${AFTER}`;

/** Pattern of an emoji, with the marks that make it another; letters in a circle and the like are letters. */
export const EMOJI: string =
  '(?![©®™‼⁉ℹ])\\p{Extended_Pictographic}(?:\\p{Emoji_Modifier}|\\uFE0F|\\u200D\\p{Extended_Pictographic})*|\\p{Regional_Indicator}{2}';

const IS_SINGLE = new RegExp(`^${SINGLE}$`);
const VARIANT = /[\p{Emoji_Modifier}\uFE0F\u200D]/gu;

/** A single sign is beside words what a stop word is. */
export function isSingleSign(term: string): boolean {
  return IS_SINGLE.test(term);
}

/** One term for an emoji in all colours of skin. */
export function emojiTerm(emoji: string): string {
  return emoji.replace(VARIANT, '');
}
