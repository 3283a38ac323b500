// Chinese: a word in traditional characters is also found in simplified ones, and the other way round.

import type { Analyzer, Term, Token } from './analyzer.ts';
import { normalize } from './normalize.ts';

const STOP_WORDS = new Set(
  (
    '的 了 是 在 和 与 與 或 及 之 也 都 就 把 被 让 讓 给 給 从 從 到 对 對 为 為 个 個 这 這 那 请 請 将 將 并 並 里 裡 有 以 于 於 由 其 而 但 我 你 您 他 她 ' +
    '它 们 們 吗 嗎 呢 吧 着 著 过 過 要 会 會 能 可 想 去 怎样 怎樣 怎么 怎麼 怎 如何 什么 什麼 为什么 為什麼 为何 為何 哪里 哪裡 哪儿 哪个 哪個 哪些 谁 誰 ' +
    '何时 何時 多少 几 幾 可以 能否 是否 能够 能夠 应该 應該 需要 想要 我们 我們 你们 你們 他们 他們 这个 這個 那个 那個 这些 這些 那些 这样 這樣 ' +
    '一个 一個 一些 一下 一直 以及 并且 並且 如果 因为 因為 所以 但是 然后 然後 之后 之後 的话 的話 办法 辦法 方法 进行 進行 怎么办 怎麼辦'
  ).split(' '),
);

/** @param characters a traditional character and its simplified ones, with spaces between, a `|` after each */
export function chineseAnalyzer(
  base: Analyzer,
  characters: string,
  { name, version }: Pick<Analyzer, 'name' | 'version'>,
): Analyzer {
  const simplified = new Map(characters.split('|').map((entry) => entry.split(' ') as [string, string]));
  const withSimplified = (term: Term): Term => {
    const other = normalize(Array.from(term.term, (letter) => simplified.get(letter) ?? letter).join(''));
    return other === term.term ? term : { ...term, spellings: [...(term.spellings ?? []), other] };
  };
  return {
    name,
    version,
    language: 'zh',
    tokens: (text) =>
      base.tokens(text).map((token): Token => ({ ...withSimplified(token), parts: token.parts.map(withSimplified) })),
    isStopWord: (term) => STOP_WORDS.has(term) || base.isStopWord(term),
  };
}
