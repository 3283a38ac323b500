// Scripts that put no space between words, for a class of a regular expression.

export const SPACELESS_SCRIPTS: string =
  '\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}\\p{Script=Thai}\\p{Script=Khmer}\\p{Script=Lao}\\p{Script=Myanmar}';
