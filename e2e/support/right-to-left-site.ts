// A small site in languages that run from right to left: per language a page about restoring files, and one about
// storage.

import { indexedFiles } from './indexed-site.ts';

interface RightToLeft {
  /** A word of both pages, in the title of the first. */
  readonly query: string;
  readonly filter: readonly [name: string, value: string];
  readonly title: string;
  readonly heading: string;
  readonly text: string;
  readonly other: string;
}

export const RIGHT_TO_LEFT: Readonly<Record<'ar' | 'fa' | 'he', RightToLeft>> = {
  ar: {
    query: 'استعادة',
    filter: ['الموضوع', 'دليل'],
    title: 'استعادة الملفات',
    heading: 'استعادة ملف واحد',
    text: 'اطلب إصدارات المسار ثم اكتب الأمر tern restore --at 2026-03-01 من أجل استعادة ما حُذف دون قصد، فكل لقطة تحفظ الملفات كما كانت في ذلك اليوم.',
    other: 'التخزين',
  },
  fa: {
    query: 'بازیابی',
    filter: ['موضوع', 'راهنما'],
    title: 'بازیابی فایل‌ها',
    heading: 'بازیابی یک فایل',
    text: 'نسخه‌های مسیر را بخواهید و سپس فرمان tern restore --at 2026-03-01 را برای بازیابی آنچه پاک شده است بنویسید؛ هر تصویر فایل‌ها را همان‌گونه که بوده‌اند نگه می‌دارد.',
    other: 'انباره',
  },
  he: {
    query: 'שחזור',
    filter: ['נושא', 'מדריך'],
    title: 'שחזור קבצים',
    heading: 'שחזור קובץ אחד',
    text: 'בקשו את הגרסאות של הנתיב ואז כתבו את הפקודה tern restore --at 2026-03-01 לשם שחזור של מה שנמחק בטעות; כל תמונת מצב שומרת את הקבצים כפי שהיו באותו יום.',
    other: 'אחסון',
  },
};

function page(language: string, title: string, body: string): string {
  return `<!doctype html>
<html lang="${language}" dir="rtl">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>${title}</title>
    <style>
      body { background: #fff; color: #222; font-family: sans-serif; margin: 1em }
      .dark body { background: #15171c; color: #ddd }
      header { display: flex; justify-content: space-between; align-items: center }
    </style>
    <script type="module" src="../era-search/era-search.js"></script>
  </head>
  <body>
    <header><strong>Tern</strong> <era-search-trigger></era-search-trigger></header>
    <main><h1>${title}</h1>${body}</main>
    <era-search></era-search>
  </body>
</html>
`;
}

/** @returns the folder, in the system's temporary one; pages are `ar/restore.html` and so on */
export function rightToLeftSite(): Promise<string> {
  return indexedFiles(
    Object.entries(RIGHT_TO_LEFT).flatMap(([language, { filter, title, heading, text, other, query }]) => {
      const [name, value] = filter;
      const label = `<p><span data-pagefind-filter="${name}">${value}</span></p>`;
      return [
        [
          `${language}/restore.html`,
          page(language, title, `${label}<p>${text}</p><h2 id="one">${heading}</h2><p>${text}</p>`),
        ],
        [`${language}/storage.html`, page(language, other, `${label}<p>${other}: ${query}, S3, SFTP.</p>`)],
      ] as const;
    }),
  );
}
