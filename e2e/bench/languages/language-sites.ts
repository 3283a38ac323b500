// The sites: documentation that Debian carries in translation. No text of a package is here, only its name and which of
// its pages are taken.

import type { DocSite, WhichPages } from '../sites/debian-docs.ts';

export interface LanguageSite {
  /** BCP 47; names the file of queries. */
  readonly tag: string;
  readonly english: string;
  readonly docs: DocSite;
  readonly pages: WhichPages;
  /** Whether both engines are told the language, because the pages do not say theirs. */
  readonly isForced: boolean;
}

/** Share of a page's letters that are of the language's script; with fewer it counts as not translated. */
const TRANSLATED = 0.35;

/** The guides of all programs, in the help of LibreOffice. */
function libreOffice(tag: string, english: string, script?: RegExp): LanguageSite {
  const name = `libreoffice-help-${tag.toLowerCase()}`;
  return {
    tag,
    english,
    docs: { name, packages: [name], html: `usr/share/libreoffice/help/${tag}/text` },
    pages: { patterns: ['*/guide/*.html'], ...(script ? { isWanted: isIn(script) } : {}) },
    isForced: false,
  };
}

/** The Debian Administrator's Handbook; one package has all its languages. */
function handbook(tag: string, english: string, folder: string): LanguageSite {
  const name = 'debian-handbook';
  const docs: DocSite = { name, packages: [name], html: `usr/share/doc/debian-handbook/html/${folder}` };
  return { tag, english, docs, pages: { patterns: ['*.html'] }, isForced: true };
}

function gimp(tag: string, english: string, script: RegExp): LanguageSite {
  const name = `gimp-help-${tag}`;
  const docs: DocSite = { name, packages: [name], html: `usr/share/gimp/2.0/help/${tag}` };
  return { tag, english, docs, pages: { patterns: ['*.html'], isWanted: isIn(script) }, isForced: true };
}

function isIn(script: RegExp): (html: string) => boolean {
  return (html) => {
    const text = html
      .replace(/<(script|style|head)\b.*?<\/\1>/gs, '')
      .replace(/<[^>]*>/g, ' ')
      .replace(/&\w+;/g, ' ');
    return (text.match(script)?.length ?? 0) >= TRANSLATED * (text.match(/\p{L}/gu)?.length ?? 0);
  };
}

export const LANGUAGE_SITES: readonly LanguageSite[] = [
  libreOffice('de', 'German'),
  libreOffice('fi', 'Finnish'),
  libreOffice('pl', 'Polish'),
  libreOffice('el', 'Greek', /\p{Script=Greek}/gu),
  libreOffice('tr', 'Turkish'),
  libreOffice('ko', 'Korean', /\p{Script=Hangul}/gu),
  libreOffice('ja', 'Japanese', /[\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Han}]/gu),
  libreOffice('zh-CN', 'Simplified Chinese', /\p{Script=Han}/gu),
  gimp('ru', 'Russian', /\p{Script=Cyrillic}/gu),
  handbook('ar', 'Arabic', 'ar-MA'),
  handbook('fa', 'Persian', 'fa-IR'),
  handbook('fr', 'French', 'fr-FR'),
];
