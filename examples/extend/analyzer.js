// An analyzer for Esperanto: a word is found in all its forms. The language's endings are regular, so a stem is what is
// left without them. Every form of a word stands in the index under its stem too, such as “libr!eo” for “librojn”.

const ENDING = /(?:ojn|ajn|oj|aj|on|an|as|is|os|us|o|a|e|i|u)$/;
const STOP_WORDS = new Set(['al', 'de', 'en', 'estas', 'ĝi', 'kaj', 'la', 'li', 'mi', 'ne', 'ni', 'ŝi', 'vi']);

/** @type {import('era-search/extend').LanguageAnalyzer} */
const esperanto = {
  name: 'esperanto',
  version: 1, // to be raised whenever the same text gives other terms
  languages: ['eo'],
  async load(standard) {
    /** @param {import('era-search/extend').Term} term */
    const formsOf = ({ term }) =>
      /^\p{L}{3,}$/u.test(term) && ENDING.test(term) && !STOP_WORDS.has(term) ? [`${term.replace(ENDING, '')}!eo`] : [];
    return {
      name: 'esperanto',
      version: 1,
      language: 'eo',
      tokens: (text) =>
        standard.tokens(text).map((token) => ({
          ...token,
          forms: formsOf(token),
          parts: token.parts.map((part) => ({ ...part, forms: formsOf(part) })),
        })),
      isStopWord: (term) => STOP_WORDS.has(term),
    };
  },
};

/** @type {import('era-search/extend').Extension} */
export default { analyzers: [esperanto] };
