// The interface texts: choice of a language, and formatting of numbers and sizes.

import { en } from './texts/en.ts';
import type { Plural, Texts } from './interface-texts.ts';

/** Language → its texts. Each language is a separate file, fetched on demand; English is in the script. */
const LANGUAGES: Readonly<Record<string, () => Promise<{ readonly texts: Texts }>>> = {
  af: () => import('./texts/af.ts'),
  ar: () => import('./texts/ar.ts'),
  bn: () => import('./texts/bn.ts'),
  ca: () => import('./texts/ca.ts'),
  cs: () => import('./texts/cs.ts'),
  da: () => import('./texts/da.ts'),
  de: () => import('./texts/de.ts'),
  el: () => import('./texts/el.ts'),
  es: () => import('./texts/es.ts'),
  eu: () => import('./texts/eu.ts'),
  fa: () => import('./texts/fa.ts'),
  fi: () => import('./texts/fi.ts'),
  fr: () => import('./texts/fr.ts'),
  gl: () => import('./texts/gl.ts'),
  he: () => import('./texts/he.ts'),
  hi: () => import('./texts/hi.ts'),
  hr: () => import('./texts/hr.ts'),
  hu: () => import('./texts/hu.ts'),
  id: () => import('./texts/id.ts'),
  it: () => import('./texts/it.ts'),
  ja: () => import('./texts/ja.ts'),
  ko: () => import('./texts/ko.ts'),
  mi: () => import('./texts/mi.ts'),
  my: () => import('./texts/my.ts'),
  nb: () => import('./texts/nb.ts'),
  nl: () => import('./texts/nl.ts'),
  nn: () => import('./texts/nn.ts'),
  pl: () => import('./texts/pl.ts'),
  pt: () => import('./texts/pt.ts'),
  'pt-pt': () => import('./texts/pt-pt.ts'),
  ro: () => import('./texts/ro.ts'),
  ru: () => import('./texts/ru.ts'),
  sr: () => import('./texts/sr.ts'),
  'sr-latn': () => import('./texts/sr-latn.ts'),
  sv: () => import('./texts/sv.ts'),
  sw: () => import('./texts/sw.ts'),
  ta: () => import('./texts/ta.ts'),
  th: () => import('./texts/th.ts'),
  tr: () => import('./texts/tr.ts'),
  uk: () => import('./texts/uk.ts'),
  vi: () => import('./texts/vi.ts'),
  zh: () => import('./texts/zh.ts'),
  'zh-hant': () => import('./texts/zh-hant.ts'),
};

/** The scripts that run so, among those that languages are written in today (ISO 15924). */
const RIGHT_TO_LEFT = ['Adlm', 'Arab', 'Aran', 'Hebr', 'Mand', 'Nkoo', 'Rohg', 'Samr', 'Syrc', 'Thaa'];

/**
 * With its likely script and region: `zh-Hant-TW` for `zh-TW`. A tag that is none counts as far as its language, else as
 * English.
 */
function localeOf(tag: string): Intl.Locale {
  const whole = tag.replaceAll('_', '-');
  for (const name of [whole, whole.split('-')[0]]) {
    try {
      return new Intl.Locale(name ?? '').maximize();
    } catch {
      // Not a tag.
    }
  }
  return new Intl.Locale('en-Latn-US');
}

/**
 * The available language for a BCP 47 tag: `zh-hant` for `zh-TW`, which is written so, `pt-pt` for `pt-AO`, `nb` for
 * `no`, `de` for `de-AT`; `en` where there is none.
 */
export function textLanguage(tag: string): string {
  const { language, script = '', region } = localeOf(tag);
  const names = [
    language === 'pt' && region !== 'BR' ? 'pt-pt' : `${language}-${script.toLowerCase()}`,
    language === 'no' ? 'nb' : language,
  ];
  return names.find((name) => Object.hasOwn(LANGUAGES, name)) ?? 'en';
}

/** English where the language's file cannot be fetched: a missing translation must not stop a search. */
export async function loadTexts(language: string): Promise<Texts> {
  return (await LANGUAGES[language]?.().catch(() => null))?.texts ?? en;
}

/** Of a BCP 47 tag, whether there are texts or not. */
export function directionOf(tag: string): 'ltr' | 'rtl' {
  return RIGHT_TO_LEFT.includes(localeOf(tag).script ?? '') ? 'rtl' : 'ltr';
}

/** Hebrew, Arabic and the scripts between them. */
const RUNS_LEFT = /[\u0590-\u08ff]/;

/**
 * Replaces `{names}` with values. Where one or the other runs from right to left, the value is isolated (Unicode's
 * marks), so that its punctuation and its numbers stay with it.
 */
export function fill(text: string, values: Readonly<Record<string, string>>): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = values[name];
    if (value === undefined) return whole;
    return RUNS_LEFT.test(text + value) ? `\u2068${value}\u2069` : value;
  });
}

/** Browsers do not know the numbers of every language, and would take those of the visitor's own. */
const numbersOf = (language: string): string[] => [language, 'en'];

export function countText(plural: Plural, n: number, language: string): string {
  return fill(plural[new Intl.PluralRules(numbersOf(language)).select(n)] ?? plural.other, {
    n: numberText(n, language),
  });
}

export function numberText(n: number, language: string): string {
  return new Intl.NumberFormat(numbersOf(language)).format(n);
}

/** Bytes for people, in decimal units: `23 MB`. */
export function sizeText(bytes: number, language: string): string {
  const isSmall = bytes < 1e6;
  const value = bytes / (isSmall ? 1e3 : 1e6);
  return new Intl.NumberFormat(numbersOf(language), {
    style: 'unit',
    unit: isSmall ? 'kilobyte' : 'megabyte',
    maximumFractionDigits: value < 10 ? 1 : 0,
  }).format(value);
}
