import { expect, test } from 'vitest';
import { blocksOf, outlineOf } from './page-for-test.ts';

const line = (html: string): string => blocksOf(`<h1>T</h1><p>${html}</p>`);

test.each([
  ['badges', 'useNest<span class="badge new">beta</span>', 'useNest beta'],
  ['badges before', '<small class=tag>beta</small>useNest', 'beta useNest'],
  [
    'names and types',
    '<span class=name>span</span><span class=type>int</span><span class=c>opt</span>',
    'span int opt',
  ],
  ['links', '<a href=a>moss</a><a href=b>fern</a>', 'moss fern'],
  ['tabs', '<button role=tab>npm</button><button role=tab>yarn</button>', 'npm yarn'],
  ['keys', '<kbd>Ctrl</kbd><kbd>K</kbd>', 'Ctrl K'],
  ['names in code', '<code>one</code><code>two</code>', 'one two'],
])('%s are words of their own', (_, html, text) => {
  expect(line(html)).toBe(text);
});

test.each([
  ['emphasis', '<b>un</b>seen <i>re</i><b>do</b>', 'unseen redo'],
  ['a drop cap', '<span class=cap>T</span>here', 'There'],
  ['letters in spans', '<span class=l>a</span><span class=l>b</span><span class=l>c</span>', 'abc'],
  ['code', '<code><span class=n>foo</span><span class=n>bar</span></code>', 'foobar'],
  ['a signature', '<span class="sig"><span class=pre>os</span><span class=n>path</span></span>', 'ospath'],
  ['break points', 'get<wbr>Name<span>s</span>', 'getNames'],
  ['an unknown element', 'kes<x-mark>trel</x-mark>s and <glossary-term>k</glossary-term>', 'kestrels and k'],
  ['powers', 'm<sup>2</sup>, H<sub>2</sub>O, 10<sup>6</sup>', 'm2, H2O, 106'],
])('a word is not divided by %s', (_, html, text) => {
  expect(line(html)).toBe(text);
});

test('elements that HTML does not know are blocks where no text is beside them', () => {
  expect(blocksOf('<h1>T</h1><x-card>one</x-card><x-card>two</x-card>')).toBe('one ¦ two');
});

test.each([
  ['a link in a sup', 'word<sup><a href="#n1">1</a></sup>, word'],
  ['brackets', 'word<sup class=reference><a href="#cite-2">[2]</a></sup>, word'],
  ['a role', 'word<a role=doc-noteref href="#n">note</a>, word'],
  ['a class', 'word<a class=footnote-reference href="#id1">3</a>, word'],
  ['a sign', 'word<sup><a href="#n">†</a></sup>, word'],
  ['a way back', 'word<a href="#ref1" class=x>↩︎</a>, word'],
])('the mark of a note is no text, by %s', (_, html) => {
  expect(line(html)).toBe('word, word');
});

test('a heading that is a link back to the table of contents is a heading, without the marks of its notes', () => {
  const back = '<a class=toc-backref role=doc-backlink href="#id1">Sharing</a>';
  const html = `<h1>T</h1><h2 id=s><span>2.</span> ${back}<a class=headerlink href="#s">¶</a></h2><p>one<h3 id=n>Note<a role=doc-noteref href="#n1">a</a></h3><p>two`;
  expect(outlineOf(html)).toEqual(['2. Sharing#s: one', '2. Sharing/Note#n: two']);
});

test.each([
  [
    'blocks',
    '<div class=ec-line><div class=code>if x:</div></div><div class=ec-line><div class=code>  go()</div></div>',
  ],
  ['blocks with breaks', '<div class=token-line>if x:<br></div><div class=token-line><span>  </span>go()<br></div>'],
  ['breaks', '<span>if x:</span><br><span>  </span>go()<br>'],
  ['their own', 'if x:\n  go()\n'],
])('lines of code keep their indentation where they are %s', (_, code) => {
  expect(blocksOf(`<h1>T</h1><p>So:</p><pre><code>${code}</code></pre><p>Done.`)).toBe('So: ¦ if x:\n  go() ¦ Done.');
});

test('blocks of lines are code in Doxygen, and nothing else of that name', () => {
  const lines = '<div class=line>if x:</div>\n<div class=line>  go()</div>';
  expect(blocksOf(`<h1>T</h1><div class=fragment>${lines}</div><p class=fragment>a\n slide`)).toBe(
    'if x:\n  go() ¦ a slide',
  );
});

test('labels are words, whatever is between them', () => {
  const tabs = ['npm', 'yarn']
    .map((name) => `<input type=radio id=${name}><label for=${name}>${name}</label>`)
    .join('');
  expect(blocksOf(`<h1>T</h1><div>${tabs}</div>`)).toBe('npm yarn');
});

test('other links with numbers are text', () => {
  expect(line('See <a href="#p7">7</a> and <a href="b.html"><sup>2</sup></a>')).toBe('See 7 and 2');
});

test.each([
  ['ruby', '<ruby>図<rt>と</rt>書<rp>(</rp><rt>しょ</rt><rp>)</rp>館<rt>かん</rt></ruby>で', '図書館 (としょかん)で'],
  ['two in one word', '<ruby>東<rt>とう</rt></ruby><ruby>京<rt>きょう</rt></ruby>へ', '東京 (とうきょう)へ'],
  ['with its base marked', '<ruby><rb>北</rb><rt>běi</rt></ruby>', '北 (běi)'],
])('readings follow the word: %s', (_, html, text) => {
  expect(line(html)).toBe(text);
});

const code = 'let a = 1;\nlet b = 2;';
test.each([
  [
    'Pygments',
    `<table class=highlighttable><tr><td class=linenos><div class=linenodiv><pre>1\n2</pre></div></td><td class=code><pre>${code}</pre></td></tr></table>`,
  ],
  [
    'Chroma in a table',
    `<table class=lntable><tr><td class=lntd><pre><code><span class=lnt>1\n</span><span class=lnt>2\n</span></code></pre><td class=lntd><pre>${code}</pre></table>`,
  ],
  [
    'Chroma in lines',
    '<pre><span class=line><span class=ln>1</span><span class=cl>let a = 1;\n</span></span><span class=line><span class=ln>2</span><span class=cl>let b = 2;</span></span></pre>',
  ],
  [
    'Hugo without classes',
    '<pre><code><span style="display:flex"><span style="white-space:pre;-webkit-user-select:none;user-select:none">1\n</span><span>let a = 1;\n</span></span><span style="display:flex"><span style="user-select: none">2\n</span><span>let b = 2;</span></span></code></pre>',
  ],
  [
    'Hexo',
    `<figure class=highlight><table><tr><td class=gutter><pre><span class=line>1</span><br><span class=line>2</span></pre><td class=code><pre>${code.replace('\n', '<br>')}</pre></table></figure>`,
  ],
  [
    'Rouge',
    `<table class=rouge-table><tr><td class="rouge-gutter gl"><pre class=lineno>1\n2</pre><td class=rouge-code><pre>${code}</pre></table>`,
  ],
  ['docutils', '<pre><small class=ln>1 </small>let a = 1;\n<small class=ln>2 </small>let b = 2;</pre>'],
  [
    'Prism',
    `<pre class="line-numbers language-js"><code>${code}<span aria-hidden=true class=line-numbers-rows><span></span></span></code></pre>`,
  ],
  [
    'Shiki',
    `<div class=line-numbers-mode><pre>${code}</pre><div class=line-numbers-wrapper aria-hidden=true><span class=line-number>1</span><br><span class=line-number>2</span></div></div>`,
  ],
])('numbers of lines are no code: %s', (_, html) => {
  expect(blocksOf(`<h1>T</h1>${html}`)).toBe(code);
});

test.each([
  ['words for screen readers', '<h2 id=h>Head <a href="#h"><span class=sr-only>Link to this heading</span></a></h2>'],
  ['any words', '<h2 id=h>Head<a class=x href="#h"> hierher springen</a></h2>'],
  ['an address of the page', '<h2 id=h>Head <a href="/guide/#h">copy</a></h2>'],
  ['an escaped target', '<h2 id="h ä">Head <a href="#h%20%C3%A4">direct</a></h2>'],
  ['the section', '<section id=h><h2>Head <a href="#h">go</a></h2>'],
  ['an anchor in it', '<h2><a id=h></a>Head <a href="#h">go</a></h2>'],
  ['a link after it', '<h2 id=h>Head</h2><a href="#h">Permalink to “Head”</a>'],
  ['a link after it, in a wrapper', '<div><h2 id=h>Head</h2><a href="#h"><span>Section titled “Head”</span></a></div>'],
  ['a letter of an icon font', '<h2 id=h>Head <a href="#h">\uF0C1</a></h2>'],
  ['a black diamond', '<h2><span><a id=h href="#h">◆&#160;</a></span>Head</h2>'],
])('a link from a heading to itself is no text: %s', (_, html) => {
  expect(outlineOf(`<h1>T</h1>${html}<p>t`).map((text) => text.replace(/#.*:/, ':'))).toEqual(['Head: t']);
});

test('a heading that is a link to itself, and links to other places, are text', () => {
  expect(outlineOf('<h1>T</h1><h2 id=h><a href="#h">Head</a></h2>1<h2 id=g>See <a href="#h">Head</a></h2>2')).toEqual([
    'Head#h: 1',
    'See Head#g: 2',
  ]);
});
