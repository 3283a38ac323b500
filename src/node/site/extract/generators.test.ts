// One page of each documentation generator, cut down by e2e/generators (generators/README.md): its title, its sections
// with their anchors, what is read of it, and that nothing else is.

import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { ExtractedPage } from '../extracted-page.ts';
import { extractedPage } from './page-for-test.ts';

interface Expected {
  readonly title: string;
  /** The last heading of a section, and its anchor. */
  readonly sections: readonly (readonly [heading: RegExp, anchor: string])[];
  /** Blocks, letter for letter. */
  readonly says: readonly string[];
  /** Blocks that it may have besides; all others are the generator's own. */
  readonly may: readonly RegExp[];
}

const FOLDER = new URL('./generators/', import.meta.url);

const CODE = 'import { Pool } from "harbor";\nif (!Pool.isSupported()) {\n    throw new Error("no epoll");\n}';
const MANAGERS = [
  'The first manager writes a lockfile called package-lock.',
  'The second manager keeps a zipped cache in the repository.',
  'The third manager links a shared store by hard links.',
];
const COMMANDS = ['npm install harbor', 'yarn add harbor', 'pnpm add harbor'];
const TEXT = [
  'A package manager adds the library to a project.',
  'The library runs on every kernel that offers epoll.',
  'This program is silent where the machine is fit.',
  'It complains about certificates',
  'An administrator hands out a bundle of roots for this purpose.',
];
const CALLOUTS = [
  'Old kernels',
  'Kernels before the fourth series leak a descriptor for each timer.',
  'Containers',
  'A slim image needs the certificates of its distribution.',
];
const QUOTED_CALLOUTS = [`${CALLOUTS[0]!}. ${CALLOUTS[1]!}`, `${CALLOUTS[2]!}. ${CALLOUTS[3]!}`];
const SECTIONS = [
  [/^With a package manager$/, 'with-a-package-manager'],
  [/^Requirements$/, 'requirements'],
  [/^Check it$/, 'check-it'],
] as const;
const LABELS = [/^((^| )(npm|yarn|pnpm))+$/];

/** The page about installing, by a generator of documents. */
function document(says: readonly string[], may: readonly RegExp[] = LABELS): Expected {
  return { title: 'Install', sections: SECTIONS, says: [...TEXT, ...says], may };
}

const WHOLE = document([...MANAGERS, ...COMMANDS, ...CALLOUTS, 'check.js', CODE]);
const DRAINS = 'Drains the reservoir and shuts every socket.';
const HANDS_OUT = 'Takes a connection out of the reservoir.';
const LENDS = 'Lends connections to borrowers.';

const EXPECTED: Readonly<Record<string, Expected>> = {
  starlight: WHOLE,
  vitepress: document([...MANAGERS.map((text, i) => `# ${text}\n${COMMANDS[i]!}`), ...CALLOUTS, 'check.js', CODE]),
  docusaurus: document([...MANAGERS.slice(0, 2), ...COMMANDS.slice(0, 2), ...CALLOUTS, 'check.js', CODE]),
  material: WHOLE,
  'sphinx-furo': WHOLE,
  'sphinx-rtd': {
    title: 'Python API',
    sections: [
      [/^class harbor\.Pool\(address: str, size: int = 4\)$/, 'harbor.Pool'],
      [/close\(\) → None$/, 'harbor.Pool.close'],
      [/close\(\) → None$/, 'harbor.Session.close'],
      [/^harbor\.parse_address\(text: str\) → tuple\[str, int\]$/, 'harbor.parse_address'],
    ],
    says: [LENDS, HANDS_OUT, DRAINS, 'pool = Pool("db:5432")\ntry:\n    pool.borrow()\nfinally:\n    pool.close()'],
    may: [/^(The module has|Keeps|What a pool|One borrowed|Hands the|Splits|>>> parse_address)/],
  },
  hugo: document([...MANAGERS.slice(0, 2), ...COMMANDS.slice(0, 2), ...CALLOUTS, 'check.js', CODE]),
  jekyll: document([...MANAGERS, ...COMMANDS, ...QUOTED_CALLOUTS, CODE]),
  eleventy: document([...MANAGERS, ...COMMANDS, ...CALLOUTS, CODE]),
  mdbook: document([...MANAGERS, ...COMMANDS, ...QUOTED_CALLOUTS, CODE], [...LABELS, /^(Warning|Tip)$/]),
  rustdoc: {
    title: 'Struct Pool',
    sections: [
      [/^Examples$/, 'examples'],
      [/\bborrow\(&mut self\) -> Session$/, 'method.borrow'],
      [/\bclose\(&mut self\)$/, 'method.close'],
      [/\bshut\(&mut self\)$/, 'method.shut'],
    ],
    says: [
      LENDS,
      HANDS_OUT,
      DRAINS,
      'let mut pool = harbor::Pool::new("db:5432");\n{\n    let session = pool.borrow();\n    session.close();\n}\npool.close();',
    ],
    may: [/^(pub struct Pool|Opens no socket|Shuts it)/],
  },
  typedoc: {
    title: 'Class Pool',
    sections: [
      [/^Example$/, 'example'],
      [/^borrow$/, 'borrow'],
      [/^close$/, 'close'],
    ],
    says: [
      LENDS,
      HANDS_OUT,
      DRAINS,
      'const pool = new Pool("db:5432");\ntry {\n    pool.borrow();\n} finally {\n    pool.close();\n}',
    ],
    may: [/^(borrow|close) ?\(.*\) ?:/, /^(timeoutMs|patience|Error when)/, /^constructor$/],
  },
  javadoc: {
    title: 'Class Pool',
    sections: [
      [/^borrow$/, 'borrow(int)'],
      [/^close$/, 'close()'],
      [/^parseAddress$/, 'parseAddress(java.lang.String)'],
    ],
    says: [
      LENDS,
      HANDS_OUT,
      DRAINS,
      'Pool pool = new Pool("db:5432");\ntry {\n    pool.borrow(30);\n} finally {\n    pool.close();\n}',
    ],
    may: [
      /^public /,
      /^(java\.lang\. ?Object|harbor\. ?Pool)$/,
      /^(All Implemented Interfaces|Parameters|Returns|Specified by):/,
      /^(Splits an address|Session|void|static String\[\]|borrow\(|close\(|parseAddress\()/,
    ],
  },
  doxygen: {
    title: 'harbor::Pool Class Reference',
    sections: [
      [/^borrow\(\)$/, 'acfc3f40062ea91cee11b375fe60162dc'],
      [/^close\(\)$/, 'a05fec9f1947473f023309ab861725028'],
    ],
    says: [
      LENDS,
      HANDS_OUT,
      DRAINS,
      'harbor::Pool pool("db:5432");\nif (pool.ready()) {\n    pool.borrow(30);\n}\npool.close();',
    ],
    may: [
      /^(Pool|bool|Session|void|harbor::Pool::Pool) /,
      /^(Opens no socket|Tells whether|#include <harbor\.hpp>|(Parameters|Returns): )/,
      // On every page of a class: the boilerplate of a site.
      /^(The documentation for this class was generated|src\/harbor\.hpp$)/,
    ],
  },
};

describe('pages of generators', () => {
  test('each has an expectation, and the other way round', () => {
    const names = readdirSync(FOLDER).filter((file) => file.endsWith('.html'));
    expect(names.map((file) => file.slice(0, -'.html'.length)).sort()).toEqual(Object.keys(EXPECTED).sort());
  });

  describe.each(Object.entries(EXPECTED))('%s', (name, { title, sections, says, may }) => {
    const page = extractedPage(readFileSync(new URL(`${name}.html`, FOLDER), 'utf8'));

    test('title', () => {
      expect(page.page.title).toBe(title);
    });

    test.each(sections)('section %s at #%s', (heading, anchor) => {
      const at = page.sections.filter((section) => section.anchor === anchor);
      expect(at.map(({ headings }) => headings.at(-1) ?? '')).toContainEqual(expect.stringMatching(heading));
    });

    test('all of its text, and nothing of the generator', () => {
      const blocks = blocksOf(page);
      expect(says.filter((text) => !blocks.includes(text))).toEqual([]);
      expect(blocks.filter((text) => !says.includes(text) && !may.some((own) => own.test(text)))).toEqual([]);
    });
  });
});

test('Python methods are below their class', () => {
  const page = extractedPage(readFileSync(new URL('sphinx-rtd.html', FOLDER), 'utf8'));
  const trail = page.sections.find(({ anchor }) => anchor === 'harbor.Pool.close')?.headings;
  expect(trail).toEqual([expect.stringContaining('harbor.Pool'), expect.stringContaining('close()')]);
});

function blocksOf({ sections }: ExtractedPage): string[] {
  return sections.flatMap(({ blocks }) => blocks.map(({ text }) => text));
}
