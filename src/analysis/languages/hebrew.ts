// Hebrew: the letters that are written together with the word after them (and, the, in, to, from, that) are cut off, as
// are the endings of the plural.

import { endings, withoutEnding } from '../endings.ts';
import { normalize } from '../normalize.ts';

/** One of them, or two of which the second is the article or the first “and” or “that”. */
const BEFORE = [/^[והבכלמש](?=.{3})/u, /^(?:[וש][הבכלמ]|[בכלמ]ה)(?=.{3})/u];
/** Letters have one form wherever they stand (normalize.ts). */
const ENDINGS = endings('ימ ינ ות יות ה ת י יה ית');
const LEAST = 3;

export const stems = (word: string): string[] => {
  const plain = normalize(word);
  const wholes = [plain, ...BEFORE.map((letters) => plain.replace(letters, ''))];
  return [...new Set(wholes.map((whole) => withoutEnding(whole, ENDINGS, LEAST)))];
};

export const stopWords: readonly string[] = (
  'אבל או אולי אותה אותו אותם אז אחר אחרי אחת אחד אי אין איך איפה אל אלה אלו אם אני אנחנו אף את אתה אתם אך באיזה בו בין בלי בכל ' +
  'גם דרך ה הוא היא הם הן הנה הזה הזאת היה היתה היו הזו ו זה זאת זו יש יכול אפשר ניתן כאן כאשר כבר כדי כי כל כמו כן לא לאן לו לה ' +
  'להם לי לכם לכן למה מה מי מאין מדוע מתי מן מ עד על עם פה ש של שלי שלך שלו שם תחת רוצה צריך'
).split(' ');
