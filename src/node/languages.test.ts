// Words in the languages of a site, from page to marked snippet.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parseSiteManifest } from '../format/site-manifest.ts';
import { openCollection, type OpenedCollection } from './open-collection.ts';
import { html, indexSite, siteForTest } from './site/site-for-test.ts';

/** @param pages of a site: language → the text of each; a page's title is its first word */
async function searchable(
  pages: Readonly<Record<string, readonly string[]>>,
): Promise<OpenedCollection & { readonly analyzer: string }> {
  const site = siteForTest();
  for (const [language, texts] of Object.entries(pages)) {
    texts.forEach((text, i) =>
      writeFileSync(
        join(site.site, `guide/${language}-${String(i)}.html`),
        html(`${text.split(' ')[0]!} ${language}`, text).replace('lang="en"', `lang="${language}"`),
      ),
    );
  }
  await indexSite(site, { vectors: false });
  const { analyzer } = parseSiteManifest(readFileSync(join(site.output, 'era-search.json'), 'utf8'));
  return Object.assign(await openCollection(site.site), { analyzer });
}

const marked = async (collection: OpenedCollection, query: string): Promise<string[]> => {
  const { pages } = await collection.search(query).best();
  return pages.flatMap(({ sections }) =>
    sections.flatMap(({ snippet }) => snippet.filter(({ mark }) => mark).map(({ text }) => text)),
  );
};

test('German words are found in all their forms, and the snippet marks the form that is there', async () => {
  const collection = await searchable({
    de: ['Konto: alle Kennwörter lassen sich zurücksetzen.'],
    'de-AT': ['Häuser stehen am Fluss, wo die Boote liegen.'],
    en: ['Rivers run to the sea, and passwords do not.'],
  });
  expect(collection.analyzer).toBe('standard/2+english/2+german/2');
  for (const [query, form] of [
    ['Kennwort', 'Kennwörter'],
    ['des Kennwortes', 'Kennwörter'],
    ['kennworter', 'Kennwörter'],
    ['Haus', 'Häuser'],
    ['das Boot liegt', 'Boote'],
  ] as const) {
    expect(await marked(collection, query), query).toContain(form);
  }
  await collection.close();
});

test.each([
  ['ar', 'كتاب', 'الكتاب'],
  ['bg', 'таблица', 'таблиците'],
  ['ca', 'contrasenya', 'contrasenyes'],
  ['cs', 'tabulka', 'tabulce'],
  ['da', 'adgangskode', 'adgangskoder'],
  ['de', 'Kennwort', 'Kennwörter'],
  ['el', 'κωδικός', 'κωδικούς'],
  ['en', 'configuring', 'configuration'],
  ['es', 'contraseña', 'contraseñas'],
  ['fa', 'بسته', 'بسته‌ها'],
  ['fi', 'talossa', 'talosta'],
  ['fr', 'installation', 'installations'],
  ['ga', 'fear', 'fhear'],
  ['hi', 'लड़का', 'लड़के'],
  ['hr', 'datoteka', 'datotekama'],
  ['hu', 'ház', 'házak'],
  ['hy', 'քաղաք', 'քաղաքներ'],
  ['id', 'makan', 'makanan'],
  ['it', 'installazione', 'installazioni'],
  ['ko', '브라우저', '브라우저에서'],
  ['lt', 'knyga', 'knygos'],
  ['nb', 'passord', 'passordene'],
  ['ne', 'घर', 'घरहरू'],
  ['nl', 'wachtwoord', 'wachtwoorden'],
  ['nn', 'passord', 'passordene'],
  ['no', 'passord', 'passordene'],
  ['pl', 'komórka', 'komórce'],
  ['pt-BR', 'senha', 'senhas'],
  ['ro', 'parola', 'parolele'],
  ['ru', 'пароль', 'паролями'],
  ['sk', 'obrázok', 'obrázkov'],
  ['sr', 'kuća', 'kuće'],
  ['sv', 'lösenord', 'lösenorden'],
  ['ta', 'வீடு', 'வீடுகள்'],
  ['tr', 'ayar', 'ayarları'],
  ['uk', 'користувач', 'користувачами'],
  ['zh', '资料', '資料'],
  ['zh-TW', '資料', '资料'],
])('%s: “%s” finds “%s”', async (language, query, form) => {
  const collection = await searchable({ [language]: [`1 ${form} 2`] });
  // Matches a whole word, not the beginning of a word that is being typed.
  expect(await marked(collection, `${query} 3`)).toContain(form);
  await collection.close();
});

test('a language that the site does not have is searched in its nearest variant', async () => {
  const collection = await searchable({ pt: ['1 senha'], 'zh-CN': ['1 资料'], 'zh-TW': ['1 資料'], en: ['1 senha'] });
  const titles = async (query: string, language: string): Promise<string[]> =>
    (await collection.search(query, { language }).best()).pages.map(({ title }) => title);
  expect(await titles('senha', 'pt-BR')).toEqual(['1 pt']);
  expect(await titles('資料', 'zh-HK')).toEqual(['1 zh-TW']);
  expect(await titles('資料', 'zh-CN')).toEqual(['1 zh-CN']);
  await collection.close();
});

test('a site in many languages is searched in each', async () => {
  const collection = await searchable({
    de: ['1 Häuser'],
    fr: ['1 installations'],
    da: ['1 adgangskoder'],
    ja: ['1 東京の家'],
    en: ['1 houses'],
  });
  expect(collection.analyzer).toBe('standard/2+danish/2+english/2+french/2+german/2+japanese/1');
  const titles = async (query: string): Promise<string[]> =>
    (await collection.search(query).best()).pages.map(({ title }) => title);
  expect(await titles('Haus 2')).toEqual(['1 de']);
  expect(await titles('installation 2')).toEqual(['1 fr']);
  expect(await titles('adgangskode 2')).toEqual(['1 da']);
  expect(await titles('東京 2')).toEqual(['1 ja']);
  await collection.close();
});
