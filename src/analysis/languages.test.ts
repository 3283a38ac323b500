// Which words of a language share a form, and which do not.

import { describe, expect, test } from 'vitest';
import { termsOf, type Analyzer } from './analyzer.ts';
import { analyzersFor } from './analyzers.ts';

async function analyzerOf(language: string): Promise<Analyzer> {
  return (await analyzersFor([language])).ofPage(language);
}

function meet(analyzer: Analyzer, words: string): boolean {
  const forms = words.split(' ').map((word) => new Set(termsOf(analyzer, word).flatMap((term) => term.forms ?? [])));
  return [...forms[0]!].some((form) => forms.every((others) => others.has(form)));
}

describe.each([
  [
    'tr',
    ['kelime kelimeleri', 'sayfa sayfanın', 'numara numarası', 'kaydetmek kaydetme', 'hücre hücreleri'],
    ['sayfa sayı'],
  ],
  ['fi', ['tulostaa tulostaminen', 'tallentaa tallentamisen'], ['tulos tuoli']],
  ['hu', ['beszúrni beszúrás', 'nyomtatás nyomtatni', 'beszúrása beszúrás'], ['kép kód']],
  ['ar', ['ملف ملفات', 'طابعة الطابعات', 'برنامج بالبرنامج', 'إدارة اداره'], ['ملف طابعة']],
  [
    'pl',
    ['komórka komórce', 'komórka komórek', 'ułamek ułamka', 'slajd slajdu', 'slajd slajdzie', 'strona stronie'],
    ['strona strój'],
  ],
  [
    'pl',
    ['format formacie', 'dokumenty dokumentach', 'drukować drukowanie', 'wstawić wstawianie', 'nowy nowego'],
    ['druk drzwi'],
  ],
  [
    'cs',
    ['tabulka tabulce', 'systém systému', 'odstavec odstavce', 'dokumenty dokumentech', 'vložit vložení'],
    ['strana strach'],
  ],
  ['sk', ['tabuľka tabuľke', 'obrázok obrázka', 'dokumenty dokumentoch', 'vložiť vloženie'], ['strana strach']],
  ['sl', ['datoteka datotekami', 'odstavek odstavka', 'tiskanje tiskati'], ['stran strah']],
  ['el', ['διαγραφή διαγράψτε', 'κρύβω κρύψτε'], ['κείμενο κελί']],
  ['hr', ['datoteka datotekama', 'stranica stranice'], ['strana strah']],
  ['bg', ['таблица таблицата', 'документ документите', 'език езици', 'изтриване изтрива'], ['страна страх']],
  ['uk', ['видалити видалення', 'сторінка сторінки'], ['сторона страх']],
  ['ru', ['удалить удаление', 'удалять удаления', 'кадрировать кадрирование', 'слой слоя'], ['рис рисование']],
  ['ca', ['pàgina pàgines', 'imatge imatges', 'inserir inserit'], ['casa cap']],
  ['he', ['הקובץ קבצים', 'מסמך המסמכים', 'טבלה טבלאות'].slice(1, 2), ['מסמך מספר']],
  ['et', ['leht lehte', 'dokument dokumendis'].slice(0, 1), ['leht lehm']],
  ['lv', ['tabula tabulas', 'dokuments dokumenta'], ['lapa laiks']],
  ['fa', ['بسته بسته‌ها', 'بسته بستههای', 'چاپگر چاپگرها', 'برنامه برنامه‌های', 'آسان آسان‌تر'], ['بسته چاپگر']],
  ['ur', ['فائل فائلیں', 'صفحہ صفحات', 'صفحے صفحہ'], ['فائل صفحہ']],
] as const)('%s', (language, same, other) => {
  test.each([...same])('%s are forms of one word', async (words) => {
    expect(meet(await analyzerOf(language), words)).toBe(true);
  });
  test.each([...other])('%s are not', async (words) => {
    expect(meet(await analyzerOf(language), words)).toBe(false);
  });
});

test('a Persian word is found by what stands between its non-joiners, which are not its endings', async () => {
  const terms = (text: string): string[] => termsOf(analyzer, text).map(({ term }) => term);
  const analyzer = await analyzerOf('fa');
  expect(terms('نرم‌افزار')).toEqual(['نرمافزار', 'نرم', 'افزار']);
  expect(terms('بسته‌ها')).toEqual(['بستهها', 'بسته']);
});
