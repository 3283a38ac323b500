// Bulgarian: the article and the endings of the plural are cut off, after Savoy (“Searching Strategies for the Bulgarian
// Language”, Information Retrieval 10, 2007), and verbs share a root with the nouns of their action.

import { stopwords } from '@orama/stopwords/bulgarian';
import { endings, rootFinder, withoutEnding } from '../endings.ts';

const ARTICLES = endings('ият ът ят то те та ия');
const PLURALS = endings('овци овце ове еве ища я а о е и й ь');
const rootOf = rootFinder({
  nouns: '(?:ява|ва|[аяе])н(?:е|ето|ия|ията|ет)',
  verbs: '(?:ява|ва|[аяеи])(?:м|ш|т|те|ме|й|йте)?',
});

/** A vowel that is only in some forms (документен, документна; ъгъл, ъгли), then what a consonant becomes before an i. */
const fold = (stem: string): string =>
  stem
    .replace(/(?<=..[^аеиоуъюя])[еъ]([нклмрц])$/u, '$1')
    .replace(/ц$/u, 'к')
    .replace(/з$/u, 'г');

export const stems = (word: string): string[] => {
  const bare = withoutEnding(word, ARTICLES, 3);
  const root = rootOf(word);
  return [...new Set([withoutEnding(bare, PLURALS, 3), ...(root === null ? [] : [root])].map(fold))];
};

export const stopWords: readonly string[] = [
  ...stopwords,
  ...'как какво защо кога къде кой коя кое кои мога може искам моя мой направя дали'.split(' '),
];
