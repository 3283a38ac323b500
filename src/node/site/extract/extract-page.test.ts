import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isEraError } from '../../../errors.ts';
import { extractPage } from './extract-page.ts';
import { blocksOf as text, extractedPage as page, outlineOf as outline } from './page-for-test.ts';

const reason = (html: string): string => {
  const extracted = extractPage(html);
  return extracted.kind === 'page' ? 'page' : extracted.reason;
};

test('headings make sections with their trail, without the title’s', () => {
  expect(
    outline(
      '<title>T</title><h1 id=top>Guide</h1>Hello.<h2 id=a>A</h2><p>One.<h3>B</h3><p>Two.<h2 id=c>C</h2><p>Three.',
    ),
  ).toEqual(['#: Hello.', 'A#a: One.', 'A/B#a: Two.', 'C#c: Three.']);
});

test.each([
  ['of the heading', '<h2 id=x>H</h2>t'],
  ['of the section that begins with it', '<section id=x><span id=y></span><h2>H</h2>t</section>'],
  ['of the element that begins with it', '<div id=x><div><h2>H</h2>t</div></div>'],
  ['of an anchor in it', '<h2><a name=x></a>H</h2>t'],
  ['of an anchor at its end', '<h2>H<a id=x href="#x">#</a></h2>t'],
  ['of an anchor before it', '<p>before<a name=x></a><h2>H</h2>t'],
])('the address is that %s', (_, html) => {
  expect(outline(`<h1>T</h1><p>0</p>${html}`).at(-1)).toBe('H#x: t');
});

test('an element that ended before a heading is not its address', () => {
  expect(outline('<h1 id=t>T</h1><div id=menu><form>x</form></div><h2>H</h2>t')).toEqual(['H#: t']);
});

test('terms with addresses are headings within their list', () => {
  const html = `<h1>os</h1><h2 id=paths>Paths</h2><p>Intro.
    <dl><dt id=join>join(a)<a class=headerlink href="#join">¶</a></dt><dt id=join2>join(a, b)</dt><dd>Joins. <dl><dt>a</dt><dt>b</dt><dd>a path</dd></dl></dd>
    <dt id=split>split(a)</dt><dd>Splits.</dd></dl><p>Outro.`;
  expect(outline(html)).toEqual([
    'Paths#paths: Intro.',
    'Paths/join(a)#join: join(a, b) ¦ Joins. ¦ a, b: a path',
    'Paths/split(a)#split: Splits.',
    'Paths#paths: Outro.',
  ]);
});

test('an anchor before a term or a rule leads there', () => {
  expect(outline('<h1>T</h1><dl><a name=x></a><dt>X</dt><dd>one</dl><p>two<a name=y></a><hr><p>three')).toEqual([
    'X#x: one',
    '#: two',
    '#y: three',
  ]);
});

test('explicit titles name sections, and headings with an id', () => {
  const html =
    '<h1>T</h1>0<section id=a data-pagefind-title="First &amp; last"><h2>one</h2>1</section><div id=b data-era-title=Second>2</div><h2 id=c data-pagefind-title=Third>3</h2>4';
  expect(outline(html)).toEqual(['#: 0', 'First & last#a: 1', 'First & last/Second#b: 2', 'Third#c: 4']);
});

test('blocks: paragraphs, items, code with its lines, rows with their cells', () => {
  expect(
    text(
      '<p>one <b>bold</b>\n text<br>more<ul><li>a<li>b</ul><pre>x = 1\n  y\n\n</pre><table><tr><th>k<th>v<tr><td>1<td><p>2</table>',
    ),
  ).toBe('one bold text more ¦ a ¦ b ¦ x = 1\n  y ¦ k | v ¦ 1 | 2');
});

test('elements without text for readers are left out', () => {
  const hidden = `<nav>n</nav><footer>f</footer><script>s</script><style>s</style><noscript>n</noscript><template>t</template><form>f</form><label>l</label>
    <svg><style>s</style><path><title>s</title></path></svg><iframe>i</iframe><button>b</button><select><option>o</select><p hidden>h</p><p style="color:red; Display : none">h</p><i aria-hidden=true>h</i>
    <p style="visibility:hidden">h</p><dialog>d</dialog><div role=navigation>n</div><div role=search>s</div><!-- c --><table><tr><td class=linenos>1</table>
    <ul><li><a href="#a">Alpha</a><li><a href="#b">Beta</a><ul><li><a href="#c">Gamma</a></ul></ul>`;
  expect(
    text(
      `${hidden}<p>Text</p><details><summary>Sum</summary>folded</details><header>Head</header><aside>Side</aside><div aria-hidden=true>unfolds</div><p hidden=until-found>found</p>${hidden}`,
    ),
  ).toBe('Text ¦ Sum ¦ folded ¦ Head ¦ Side ¦ unfolds ¦ found');
});

test.each([
  '<a href="#h">¶</a>',
  '<a href="#h" aria-hidden="true">link</a>',
  '<a href="p.html#h">\u200B</a>',
  '<a href="#h">Permalink</a>',
  '<a href="#h"><svg></svg></a>',
])('the sign %s is no part of a heading', (sign) => {
  expect(outline(`<h1>T</h1><h2 id=h>Head ${sign}</h2>t`)).toEqual(['Head#h: t']);
});

test('headings of accordions are buttons; a form around the page is no form', () => {
  expect(outline('<form><h1>T</h1><h2 id=q><button>Why?</button></h2><p>So.</form>')).toEqual(['Why?#q: So.']);
});

test('one main element is the text of the page, two are not', () => {
  expect(text('<div>menu</div><main>one</main>')).toBe('one');
  expect(text('<div>menu</div><div role=main>one</div>')).toBe('one');
  expect(text('<div>menu</div><main>one</main><main>two</main>')).toBe('menu ¦ one ¦ two');
});

test('bodies are the text, wherever they are, and all of them', () => {
  const html =
    '<h1>T</h1>no<main>no</main><div data-pagefind-body>one<p data-pagefind-body>two</p></div><p>no<p data-era-body>three';
  expect(page(html)).toMatchObject({ hasBody: true, page: { title: 'T' } });
  expect(text(html)).toBe('one ¦ two ¦ three');
  expect(page('<p>x').hasBody).toBe(false);
});

test('ignored text is left out; its attributes count unless all is ignored', () => {
  const html = `<p>text<div data-pagefind-ignore><h1>Title</h1><b data-pagefind-meta=a>1</b></div><div data-era-ignore=index>x</div>
    <div data-pagefind-ignore=all><b data-pagefind-meta=b data-pagefind-filter=f>2</b></div>`;
  expect(text(html)).toBe('text');
  expect(page(html).page).toMatchObject({ title: 'Title', meta: { a: '1' }, filters: {} });
});

test('captures: text, attributes, lists, values to the end; the last meta, all filters', () => {
  const html = `<html><head><meta data-pagefind-filter="site[content]" content=" Our  site "></head><body data-pagefind-meta="kind:old">
    <h1 data-kind=K data-pagefind-meta="head, kind[data-kind], note:to, the [end]: of it">Head</h1>
    <span hidden data-pagefind-filter="author">Ann <b>B</b></span><i data-pagefind-filter="author">Ann B</i><i data-era-filter="author, tag">Cy</i><br data-pagefind-filter="none[title]">
    <p data-pagefind-sort="date[datetime], weight:10" datetime=2026>t <img data-pagefind-meta="pic[src], alt[alt]" src=p.png alt=Pic>`;
  expect(page(html).page).toEqual({
    title: 'Head',
    language: '',
    meta: {
      image: 'p.png',
      image_alt: 'Pic',
      kind: 'K',
      head: 'Head',
      note: 'to, the [end]: of it',
      pic: 'p.png',
      alt: 'Pic',
    },
    filters: { site: ['Our site'], author: ['Ann B', 'Cy'], tag: ['Cy'] },
    sort: { date: '2026', weight: '10' },
  });
});

test('found values replace defaults, and explicit values replace both', () => {
  const defaults =
    '<meta data-pagefind-default-meta="image[content]" content=/d.png><meta data-pagefind-default-meta="title:D, x:1">';
  expect(page(`${defaults}<p>t`).page).toMatchObject({ title: 'D, x:1', meta: { image: '/d.png' } });
  expect(page(`${defaults}<h1>T</h1><img src=data:x><img src=a.png alt=A>`).page).toMatchObject({
    title: 'T',
    meta: { image: 'a.png', image_alt: 'A' },
  });
  expect(page('<h1>T</h1><img src=a.png alt=A><b data-pagefind-meta="image:b.png, title:X">t</b>').page.meta).toEqual({
    image: 'b.png, title:X',
  });
});

test('weights are quadratic, the inner one counts, and weight 0 means no text', () => {
  const html =
    '<p>a<p data-pagefind-weight=2>b<div data-era-weight=0.5>c<p data-era-weight=99>d</p></div><p data-pagefind-weight=0>e<p data-pagefind-weight=much>f<p>g <b data-pagefind-weight=3>h</b>';
  expect(page(html).sections[0]?.blocks).toEqual([
    { text: 'a', weight: 1 },
    { text: 'b', weight: 4 },
    { text: 'c', weight: 0.25 },
    { text: 'd', weight: 100 },
    { text: 'f', weight: 1 },
    { text: 'g h', weight: 9 },
  ]);
});

test('attributes are read as text where the markup requests it', () => {
  expect(text('<p>See <img alt="A map" title="Where?" data-pagefind-index-attrs="title, alt, none"> there')).toBe(
    'See Where? A map. there',
  );
});

test.each([
  ['the first h1', '<title>D</title><h1>One</h1>t', 'One'],
  ['that of the content', '<h1>Site</h1><main><h1>One</h1>t</main>', 'One'],
  ['the document’s, where there is no h1', '<title> The\n D</title><p>t', 'The D'],
  ['the document’s, where h1 heads parts', '<title>D</title><h1>One</h1>t<h1>Two</h1>t', 'D'],
  ['the document’s, where h1 has a number', '<title>D</title><h1>1. Overview</h1>t', 'D'],
  ['the h1 that the document’s names', '<title>1. One - Site</title><h1>1. One</h1>t<h1>Two</h1>', '1. One'],
  ['plain text', '<h1>A &lt;b&gt; <i>&amp;</i> <code>x\u202E</code><script>1</script></h1>t', 'A <b> & x'],
  ['the next best heading', '<h2>Two</h2>t', 'Two'],
  ['what is said', '<h1>One</h1><p data-pagefind-meta=title>Said</p>', 'Said'],
])('the title is %s', (_, html, title) => {
  expect(page(html).page.title).toBe(title);
});

test('a masthead that repeats the title is left out', () => {
  expect(outline('<title>D</title><div class=top>D</div><h1 id=a>1. One</h1>t')).toEqual(['1. One#a: t']);
});

test('a very long heading is shortened in trails, and complete in its section', () => {
  const long = Array.from({ length: 60 }, (_, i) => `word${i}`).join(' ');
  const [section] = page(`<title>T</title><h2>${long}</h2>`).sections;
  expect(section?.headings[0]?.length).toBeLessThan(170);
  expect(section?.blocks).toEqual([{ text: long, weight: 1 }]);
});

test.each([
  ['<html lang=DE-at>', undefined, 'de-at'],
  ['<html lang=en_US>', undefined, 'en-us'],
  ['<html xml:lang=fr>', undefined, 'fr'],
  ['<html lang="no language">', undefined, ''],
  ['<html lang=de>', 'pt-BR', 'pt-br'],
])('the language of %s with %s', (html, forceLanguage, language) => {
  expect(page(`${html}<p>t`, { forceLanguage }).page.language).toBe(language);
});

test('selectors choose the root and leave out', () => {
  const html = '<h1>Out</h1><div id=r><h1>In</h1><p>one<p class=ad>two</div><p data-pagefind-meta=x>three';
  expect(page(html, { rootSelector: '#r', excludeSelectors: ['.ad, .no', 'i'] })).toMatchObject({
    page: { title: 'In', meta: {} },
    sections: [{ blocks: [{ text: 'one' }] }],
  });
  expect(() => extractPage(html, { excludeSelectors: ['[['] })).toThrow(
    expect.toSatisfy((error: unknown) => isEraError(error, 'invalid-option')),
  );
});

test.each([
  ['noindex', '<meta name=ROBOTS content="follow, NoIndex"><p>t'],
  ['noindex', '<meta name=robots content=none><p>t'],
  ['page', '<meta name=googlebot content=noindex><p>t'],
  ['redirect', '<meta http-equiv=Refresh content="0; url=/new"><p>t'],
  [
    'redirect',
    '<head><noscript><meta http-equiv=refresh content="1; url=latest/"></noscript><script>go()</script></head><p>t',
  ],
  ['redirect', '<head><noscript><meta http-equiv=refresh content="0; url=latest/"></noscript></head>'],
  [
    'page',
    `<head><noscript><meta http-equiv=refresh content="0; url=no-script/"></noscript></head><p>${'words '.repeat(60)}`,
  ],
  ['page', '<head><noscript><meta name=x content=y></noscript></head><p>t'],
  ['page', '<body><noscript><meta http-equiv=refresh content="0; url=/x"></noscript><p>t'],
  ['page', '<meta http-equiv=refresh content=30><p>t'],
  ['page', '<meta http-equiv=refresh content="300; url=/here"><p>t'],
  ['ignored', '<body data-pagefind-ignore><p>t'],
  ['ignored', '<html data-pagefind-ignore=all><p>t'],
  ['no-text', ''],
  ['no-text', '<title>T</title><div id=app></div><script>t</script>'],
  ['page', '<h1>Title only</h1>'],
  ['page', 'word'],
  ['page', 'w\0rd and more words than there are odd characters in this text, which is one in fifty'],
  ['not-html', '\u0089PNG\r\n\u001a\n\0\0\0\rIHDR\0\0\u0001\0<a'],
  ['too-deep', '<div>'.repeat(30_000)],
])('%s: %j', (expected, html) => {
  expect(reason(html)).toBe(expected);
});

test.each([
  ['an open heading', '<h1>T</h1><h2 id=a>A<p>one<p>two<h2 id=b>B<p>three', ['A#a: one ¦ two', 'B#b: three']],
  ['ends without beginnings', '</div></p><h1>T</h1></h2><b>one<p>two</b></table>', ['#: one ¦ two']],
  ['cut off', '<h1>T</h1><p>one<div class="', ['#: one']],
  ['elements of a table outside it', '<h1>T</h1><td>one<tr>two', ['#: onetwo']],
  ['text in a table', '<h1>T</h1><table>one<tr><td>two</table>', ['#: one ¦ two']],
])('broken HTML: %s', (_, html, expected) => {
  expect(outline(html)).toEqual(expected);
});

test('a page that is an index of links counts less', () => {
  const links = Array.from({ length: 60 }, (_, i) => `<li><a href="p${i}.html">Page ${i}</a>`).join('');
  expect(page(`<h1>All</h1><ul>${links}</ul>`).sections[0]?.blocks[0]?.weight).toBe(0.25);
  expect(
    page(`<h1>All</h1><ul>${links}</ul>${'<p>Text of its own, and much of it.'.repeat(20)}`).sections[0]?.blocks[0]
      ?.weight,
  ).toBe(1);
});

test('a page of hundreds of links counts less with a few words beside each, one of dozens does not', () => {
  const links = (count: number): string =>
    Array.from({ length: count }, (_, i) => `<li><a href="p${i}.html">Page ${i}</a> and its words`).join('');
  expect(page(`<h1>All</h1><ul>${links(600)}</ul>`).sections[0]?.blocks[0]?.weight).toBe(1);
  const terse = Array.from({ length: 600 }, (_, i) => `<li><a href="p${i}.html">Page ${i}</a> → word`).join('');
  expect(page(`<h1>All</h1><ul>${terse}</ul>`).sections[0]?.blocks[0]?.weight).toBe(0.25);
  expect(page(`<h1>All</h1><ul>${terse.slice(0, terse.length / 2)}</ul>`).sections[0]?.blocks[0]?.weight).toBe(1);
});

test('nesting within the parser’s limit is read', () => {
  expect(text(`${'<div>'.repeat(5000)}x${'<b>'.repeat(5000)}y`)).toBe('xy');
});

const tags =
  'h1 h2 h3 p div section a b pre code ul li dl dt dd table tr td br hr img form main nav details button svg template script select'.split(
    ' ',
  );
const attributes = [
  '',
  ' id=i',
  ' name=n',
  ' href="#x"',
  ' hidden',
  ' data-pagefind-body',
  ' data-pagefind-ignore',
  ' data-era-weight=2',
  ' data-pagefind-title=T',
  ' data-pagefind-meta="a, b:c"',
  ' class="',
];
const soup = fc.array(
  fc.oneof(
    fc
      .tuple(fc.constantFrom(...tags), fc.constantFrom(...attributes))
      .map(([tag, attribute]) => `<${tag}${attribute}>`),
    fc.constantFrom(...tags).map((tag) => `</${tag}>`),
    fc.constantFrom('word ', 'two\nlines', '\u00A0', '&amp;', '<', '<!--', '-->', '\u200B', 'é'),
  ),
  { maxLength: 60 },
);

test('whatever the HTML, its blocks are plain text and none is empty', () => {
  fc.assert(
    fc.property(soup, (parts) => {
      const extracted = extractPage(parts.join(''));
      if (extracted.kind !== 'page') return;
      for (const { headings, blocks } of extracted.sections) {
        for (const said of [...headings, ...blocks.flatMap((block) => block.text.split('\n'))])
          expect(said).toMatch(/^\S+(?: \S+)*$/);
      }
      expect(extractPage(parts.join(''))).toEqual(extracted);
    }),
    { numRuns: 500 },
  );
});

test('parts by their usual names are no text of any page, unless they hold text', () => {
  const html = `<h1>T</h1><div class=crumbs><a href="/">Home</a> / T</div><ul class="breadcrumb x"><li><a href="/">Home</a></ul>
    <p>Text.<div class="pager"><a class=prev href=a>Before</a> | <a href=b>After</a></div><p><a rel=next href=c>More</a>
    <div class=pagination><p>Pages have <a href=d>numbers</a>.</div>`;
  expect(text(html)).toBe('Text. ¦ Pages have numbers.');
  expect(text(html, { generatorRules: false })).toContain('Home');
});
