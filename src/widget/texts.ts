// The interface texts: choice of a language, and formatting of numbers and sizes.

import { en } from './texts/en.ts';
import type { Plural, Texts } from './interface-texts.ts';

/** Language → its texts. Each language is a separate file, fetched on demand; English is in the script. */
const LANGUAGES: Readonly<Record<string, () => Promise<Texts>>> = {
  ar: async () => (await import('./texts/ar.ts')).ar,
  cs: async () => (await import('./texts/cs.ts')).cs,
  de: async () => (await import('./texts/de.ts')).de,
  en: () => Promise.resolve(en),
  es: async () => (await import('./texts/es.ts')).es,
  fr: async () => (await import('./texts/fr.ts')).fr,
  it: async () => (await import('./texts/it.ts')).it,
  ja: async () => (await import('./texts/ja.ts')).ja,
  ko: async () => (await import('./texts/ko.ts')).ko,
  nl: async () => (await import('./texts/nl.ts')).nl,
  pl: async () => (await import('./texts/pl.ts')).pl,
  pt: async () => (await import('./texts/pt.ts')).pt,
  ru: async () => (await import('./texts/ru.ts')).ru,
  sv: async () => (await import('./texts/sv.ts')).sv,
  tr: async () => (await import('./texts/tr.ts')).tr,
  uk: async () => (await import('./texts/uk.ts')).uk,
  zh: async () => (await import('./texts/zh.ts')).zh,
};

const RIGHT_TO_LEFT = ['ar', 'dv', 'fa', 'he', 'ku', 'ps', 'ur', 'yi'];

/** The available language for a BCP 47 tag: `de` for `de-AT`; `en` where there is none. */
export function textLanguage(tag: string): string {
  const [language = ''] = tag.toLowerCase().split(/[-_]/);
  return Object.hasOwn(LANGUAGES, language) ? language : 'en';
}

/** English where the language's file cannot be fetched: a missing translation must not stop a search. */
export async function loadTexts(language: string): Promise<Texts> {
  return (await LANGUAGES[language]?.().catch(() => en)) ?? en;
}

export function directionOf(language: string): 'ltr' | 'rtl' {
  return RIGHT_TO_LEFT.includes(language) ? 'rtl' : 'ltr';
}

/** Replaces `{names}` with values. */
export function fill(text: string, values: Readonly<Record<string, string>>): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole);
}

export function countText(plural: Plural, n: number, language: string): string {
  return fill(plural[new Intl.PluralRules(language).select(n)] ?? plural.other, {
    n: new Intl.NumberFormat(language).format(n),
  });
}

/** Bytes for people, in decimal units: `23 MB`. */
export function sizeText(bytes: number, language: string): string {
  const isSmall = bytes < 1e6;
  const value = bytes / (isSmall ? 1e3 : 1e6);
  return new Intl.NumberFormat(language, {
    style: 'unit',
    unit: isSmall ? 'kilobyte' : 'megabyte',
    maximumFractionDigits: value < 10 ? 1 : 0,
  }).format(value);
}
