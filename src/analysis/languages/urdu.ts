// Urdu: the endings of the plural and of the oblique case are cut off.

import { endings, withoutEnding } from '../endings.ts';
import { normalize } from '../normalize.ts';

/** In the letters of `normalize`: the Arabic ي and ه. */
const ENDINGS = endings('يوں وں يں ئيں ياں ات ي ه ا');

export const stems = (word: string): string[] => [withoutEnding(normalize(word), ENDINGS, 3)];

export const stopWords: readonly string[] = (
  'اور یا کا کی کے کو سے میں پر تک نے ہے ہیں تھا تھی تھے ہو ہوا ہوئی ہوتا ہوتی ہوں یہ وہ اس ان جو جس جن کہ اگر تو بھی نہیں نہ ' +
  'کیا کیسے کیوں کب کہاں کون کونسا کر کرنا کریں کرتے کرتا گا گی گے لیے لئے ساتھ ایک ہم آپ میرا میری سکتا سکتے طریقہ چاہیے'
).split(' ');
