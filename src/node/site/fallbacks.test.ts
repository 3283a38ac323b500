import { expect, test } from 'vitest';
import { collectedPage } from './extract/page-for-test.ts';
import { withFallbacks } from './fallbacks.ts';

const PROSE = 'A text that is long enough that nobody writes it twice by chance, in any language.';
const page = (url: string, lang: string, body = `<h1>Guide</h1><p>${PROSE}`): ReturnType<typeof collectedPage> =>
  collectedPage(url, `<html lang="${lang}"><body>${body}`);
const languages = (pages: ReturnType<typeof collectedPage>[]): string[] =>
  withFallbacks(pages).map(
    ({
      url,
      extracted: {
        page: { language, fallbackFor },
      },
    }) => `${url} ${language} ${fallbackFor ?? '-'}`,
  );

test('a text in two languages is that of the page nearest the root, then of the English one', () => {
  expect(languages([page('guide/', 'fr'), page('de/guide/', 'de'), page('pt/guide/', 'pt-BR')])).toEqual([
    'guide/ fr -',
    'de/guide/ fr de',
    'pt/guide/ fr pt-br',
  ]);
  expect(languages([page('de/guide/', 'de'), page('en/guide/', 'en')])).toEqual(['de/guide/ en de', 'en/guide/ en -']);
});

test('a page may say it of its content', () => {
  const fallback = page('de/guide/', 'de', `<main lang=en><h1>Guide</h1><p>${PROSE}</main>`);
  expect(languages([fallback])).toEqual(['de/guide/ en de']);
  expect(languages([page('guide/', 'en'), fallback])).toEqual(['guide/ en -', 'de/guide/ en de']);
  expect(languages([page('a', 'en-GB', '<main lang=en><p>One.</main>')])).toEqual(['a en -']);
});

test('short texts, others, regions and pages without a language are left as they are', () => {
  const pages = [
    page('a', 'en', '<h1>Names</h1><p>Ada, Alan'),
    page('de/a', 'de', '<h1>Names</h1><p>Ada, Alan'),
    page('b', 'en'),
    page('de/b', 'de', `<h1>Führer</h1><p>${PROSE}`),
    page('gb/b', 'en-GB'),
    page('print/b', ''),
  ];
  expect(languages(pages)).toEqual(['a en -', 'de/a de -', 'b en -', 'de/b de -', 'gb/b en-gb -', 'print/b  -']);
});
