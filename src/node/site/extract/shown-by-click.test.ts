import { expect, test } from 'vitest';
import { blocksOf, outlineOf } from './page-for-test.ts';

const prose = 'Whoever sends a parcel back pays for the way, unless the lamp was broken when it came.';

test.each([
  ['a tab panel', '<div role=tabpanel hidden><p>x</div>'],
  ['a panel that a button controls', '<button aria-controls=a></button><section id=a hidden>x</section>'],
  ['the second that a button controls', '<button aria-controls="b a"></button><div id=a style="display: none">x</div>'],
  ['a target of Bootstrap 5', '<a data-bs-toggle=collapse data-bs-target="#a"></a><div id=a hidden>x</div>'],
  ['a target of Bootstrap 4', '<a data-toggle=tab href="#a"></a><div id=a style=display:none>x</div>'],
  ['a pane by its class', '<div class="tab-pane fade" hidden>x</div>'],
  ['an accordion by its class', '<div class=accordion__body style="visibility: hidden">x</div>'],
  ['a panel with the name of its tab', '<div data-tab=npm hidden>x</div>'],
  ['what a search in the page finds', '<div hidden=until-found>x</div>'],
  ['an open shadow root', '<my-card><template shadowrootmode=open><p>x</p><slot></slot></template></my-card>'],
  ['a closed one', '<my-card><template shadowrootmode=closed><style>s</style>x</template></my-card>'],
  ['text of a drawing', '<svg><g><text>x</text></g></svg>'],
  ['the name of a drawing', '<svg role=img><title>x</title><path/></svg>'],
  ['a foreign object in a drawing', '<svg><foreignObject><div>x</div></foreignObject></svg>'],
  ['a task', '<ul><li><label><input type=checkbox disabled>x</label></ul>'],
  ['the name of a tab without a script', '<input type=radio id=t><label for=t>x</label>'],
  ['the name of a tab', '<button role=tab>x</button>'],
])('%s is text', (_, html) => {
  expect(blocksOf(`<main><h1>T</h1>${html}</main>`)).toBe('x');
});

test.each([
  ['for good', '<div hidden>x</div><p style="display:none">x'],
  ['a plain template', '<template>x</template><template shadowroots>x</template>'],
  [
    'a menu that a button shows',
    '<button aria-controls=a aria-expanded=false>x</button><div id=a hidden><nav>x</nav></div>',
  ],
  ['a menu by its role', '<button aria-controls=a aria-haspopup=menu>x</button><ul id=a role=menu hidden><li>x</ul>'],
  ['a button that does something', '<button class=copy>x</button><button aria-pressed=false>x</button><p></p>'],
  ['an icon', '<a href=/><svg><title>x</title></svg></a><svg aria-hidden=true><text>x</text></svg>'],
  ['the name of a part of a drawing', '<svg><g><title>x</title></g><defs><text>x</text></defs></svg>'],
  ['the name of a field', '<label>x</label><form><label><input type=checkbox>x</label></form>'],
  ['what its author shows in no excerpt', '<p data-nosnippet>x</p>'],
])('hidden %s is no text', (_, html) => {
  expect(blocksOf(`<main><h1>T</h1><p>t</p>${html}</main>`)).toBe('t');
});

test('the question of an accordion is text', () => {
  expect(
    blocksOf(`<h1>T</h1><button aria-expanded=false>Why?</button><div hidden class=panel>So.</div>
      <button class=faq-item>How?</button><div>Thus.</div><button>Copy</button><div>c</div>`),
  ).toBe('Why? ¦ So. ¦ How? ¦ Thus. ¦ c');
});

test('a tool in a heading is none of its words, a heading that is a button is', () => {
  expect(
    outlineOf('<h1>T</h1><h2 id=a>Struct A <button>Copy item path</button></h2>1<h2 id=b><button>B?</button></h2>2'),
  ).toEqual(['Struct A#a: 1', 'B?#b: 2']);
});

test('forms and footers with prose are content, others are not', () => {
  const page = (html: string): string => blocksOf(`<h1>T</h1><main><p>t</p>${html}</main>`);
  expect(page(`<form><p>${prose}</p><label>Name</label><input><button>Send</button></form>`)).toBe(`t ¦ ${prose}`);
  expect(page(`<article><footer><p>${prose}</p></footer></article>`)).toBe(`t ¦ ${prose}`);
  expect(page('<blockquote>q<footer>Ann</footer></blockquote>')).toBe('t ¦ q ¦ Ann');
  expect(
    page('<form><p>Your name</p><input></form><article><footer><a href=x>Edit</a> on 2 May</footer></article>'),
  ).toBe('t');
  expect(blocksOf(`<h1>T</h1><p>t</p><footer>${prose}</footer>`)).toBe('t');
});
