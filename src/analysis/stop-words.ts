// English stop words: they say how something is asked, not what, so passages that contain them are not more relevant. A
// query weighs them less (lexical/bm25.ts); the index has them all. Negations and words that name things in programs
// are not in the list.

export const STOP_WORDS: ReadonlySet<string> = new Set(
  (
    'a about am an and any are as at be been being but by can could did do does doing for from had has have having he her him his how i if in into is it its me ' +
    'might my of on or our shall she should so some than that the their them then there these they this those to was we were what when where which who whom whose why ' +
    'will with would you your'
  ).split(' '),
);
