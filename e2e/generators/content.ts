// The pages that every generator of documents builds, in a neutral form: blocks that each dialect writes in its own
// syntax (dialects.ts). Sentences in `tell` of checks.ts occur once in here.

export type Version = '1.0' | '2.0';
export type Language = 'en' | 'de';

export type Block =
  | { readonly type: 'markdown'; readonly text: string }
  | { readonly type: 'tabs'; readonly tabs: readonly { label: string; text: string; lang: string; code: string }[] }
  | { readonly type: 'note'; readonly kind: 'note' | 'tip' | 'warning'; readonly title: string; readonly text: string }
  | { readonly type: 'code'; readonly lang: string; readonly file: string; readonly code: string }
  | { readonly type: 'details'; readonly summary: string; readonly text: string };

export interface Page {
  /** Without its extension; `index` is the page of its folder. */
  readonly path: string;
  readonly title: string;
  readonly description: string;
  readonly blocks: readonly Block[];
}

export interface Post extends Page {
  readonly date: string;
  readonly tags: readonly string[];
}

const markdown = (text: string): Block => ({ type: 'markdown', text });

export const PRODUCT = 'Harbor';

/** Indented by four and eight blanks, with an empty line. */
export const CODE = `import { Pool } from "harbor";

export async function countRows(address) {
    const pool = new Pool({ address, size: 4 });
    for await (const row of pool.rows("select 1")) {
        if (row.done) {
            return row.total;
        }
    }
}`;

/** A shorter one, for the page that has most of the forms. */
const CHECK = `import { Pool } from "harbor";

if (!Pool.isSupported()) {
    throw new Error("no epoll");
}`;

export function pages(language: Language, version: Version): readonly Page[] {
  return language === 'en' ? english(version) : german(version);
}

function english(version: Version): readonly Page[] {
  return [
    {
      path: 'index',
      title: 'Harbor documentation',
      description: 'Harbor keeps connections open.',
      blocks: [
        markdown('Harbor keeps database connections open and lends them to the parts of a program that need one.'),
        markdown(
          '## Where to begin\n\nNewcomers read the pages of the guide in their order; the reference is for later.',
        ),
        markdown(
          version === '1.0'
            ? '## What a release holds\n\nThe release of spring opens four connections unless it is told another number.'
            : '## What a release holds\n\nThe release of autumn opens eight connections unless it is told another number.',
        ),
      ],
    },
    {
      path: 'guide/install',
      title: 'Install',
      description: 'How to add Harbor to a project.',
      blocks: [
        markdown('A package manager adds the library to a project.\n\n## With a package manager'),
        {
          type: 'tabs',
          tabs: [
            {
              label: 'npm',
              text: 'The first manager writes a lockfile called package-lock.',
              lang: 'sh',
              code: 'npm install harbor',
            },
            {
              label: 'yarn',
              text: 'The second manager keeps a zipped cache in the repository.',
              lang: 'sh',
              code: 'yarn add harbor',
            },
            {
              label: 'pnpm',
              text: 'The third manager links a shared store by hard links.',
              lang: 'sh',
              code: 'pnpm add harbor',
            },
          ],
        },
        markdown('## Requirements\n\nThe library runs on every kernel that offers epoll.'),
        {
          type: 'note',
          kind: 'warning',
          title: 'Old kernels',
          text: 'Kernels before the fourth series leak a descriptor for each timer.',
        },
        {
          type: 'note',
          kind: 'tip',
          title: 'Containers',
          text: 'A slim image needs the certificates of its distribution.',
        },
        markdown('## Check it\n\nThis program is silent where the machine is fit.'),
        { type: 'code', lang: 'js', file: 'check.js', code: CHECK },
        {
          type: 'details',
          summary: 'It complains about certificates',
          text: 'An administrator hands out a bundle of roots for this purpose.',
        },
      ],
    },
    {
      path: 'guide/first-pool',
      title: 'Your first pool',
      description: 'A pool in ten lines.',
      blocks: [
        markdown('This walkthrough opens a pool, reads rows and closes it again.\n\n## Write the program'),
        { type: 'code', lang: 'js', file: 'src/count-rows.js', code: CODE },
        markdown('The loop ends when the cursor of the server is exhausted.\n\n## Close what was opened'),
        markdown('Call `pool.close()` when the process is about to end; waiting borrowers get an error.'),
        {
          type: 'details',
          summary: 'Why does closing take a second?',
          text: 'Closing waits for the acknowledgement of each borrowed connection.',
        },
      ],
    },
    {
      path: 'guide/checklist',
      title: 'Checklist before release',
      description: 'What to look at before a release.',
      blocks: [
        markdown('Go through this list on the day before a release.\n\n## Tasks'),
        markdown(
          '- [x] Raise the ceiling of descriptors\n- [ ] Rehearse the failover of the primary\n- [ ] Measure the slowest query',
        ),
        markdown('## Keys of the console\n\nPress <kbd>Ctrl</kbd>+<kbd>L</kbd> to clear the console of the operator.'),
        markdown(
          '## Timeouts\n\nA borrower waits thirty seconds[^wait] before it gives up.\n\n[^wait]: The number comes from a survey of load balancers.',
        ),
      ],
    },
    {
      path: 'guide/overview',
      title: 'Overview',
      description: 'The guide in short.',
      blocks: [
        markdown('The guide explains pools by following one small program.\n\n## Who it is for'),
        markdown('Operators and programmers of services read the guide from front to back.'),
      ],
    },
    {
      path: 'reference/overview',
      title: 'Overview',
      description: 'The reference in short.',
      blocks: [
        markdown('The reference lists each option together with its unit and bounds.\n\n## Options'),
        markdown(
          '| Option | Unit | Meaning |\n|---|---|---|\n| `size` | connections | upper bound of open sockets |\n| `idleTimeout` | milliseconds | patience with an unused socket |\n| `backoff` | factor | growth of the pause between retries |',
        ),
        markdown('## Environment\n\nVariables of the environment win over the options in a file.'),
      ],
    },
    {
      path: 'reference/limits',
      title: 'Limits',
      description: 'What cannot be exceeded.',
      blocks: [
        markdown(
          'No pool holds more than sixty thousand sockets.\n\n## Ceiling of the kernel\n\nThe kernel numbers ports with sixteen bits.',
        ),
      ],
    },
  ];
}

/** `guide/checklist` is not translated. */
function german(version: Version): readonly Page[] {
  return [
    {
      path: 'index',
      title: 'Harbor-Dokumentation',
      description: 'Harbor hält Verbindungen offen.',
      blocks: [
        markdown('Harbor hält Verbindungen zur Datenbank offen und verleiht sie an Teile eines Programms.'),
        markdown('## Womit man beginnt\n\nNeulinge lesen die Seiten des Leitfadens der Reihe nach.'),
        markdown(
          version === '1.0'
            ? '## Was eine Ausgabe enthält\n\nDie Ausgabe vom Frühling öffnet vier Verbindungen.'
            : '## Was eine Ausgabe enthält\n\nDie Ausgabe vom Herbst öffnet acht Verbindungen.',
        ),
      ],
    },
    {
      path: 'guide/install',
      title: 'Installieren',
      description: 'Wie Harbor in ein Projekt kommt.',
      blocks: [
        markdown('Eine Paketverwaltung fügt die Bibliothek einem Projekt hinzu.\n\n## Mit einer Paketverwaltung'),
        {
          type: 'tabs',
          tabs: [
            {
              label: 'npm',
              text: 'Die erste Verwaltung schreibt eine Sperrdatei.',
              lang: 'sh',
              code: 'npm install harbor',
            },
            {
              label: 'yarn',
              text: 'Die zweite Verwaltung packt einen Zwischenspeicher.',
              lang: 'sh',
              code: 'yarn add harbor',
            },
            {
              label: 'pnpm',
              text: 'Die dritte Verwaltung verknüpft einen gemeinsamen Speicher.',
              lang: 'sh',
              code: 'pnpm add harbor',
            },
          ],
        },
        markdown('## Voraussetzungen\n\nDie Bibliothek läuft auf jedem Kern mit epoll.'),
        {
          type: 'note',
          kind: 'warning',
          title: 'Alte Kerne',
          text: 'Kerne vor der vierten Reihe verlieren einen Deskriptor.',
        },
      ],
    },
    {
      path: 'guide/first-pool',
      title: 'Der erste Pool',
      description: 'Ein Pool in zehn Zeilen.',
      blocks: [
        markdown(
          'Dieser Rundgang öffnet einen Pool, liest Zeilen und schließt ihn wieder.\n\n## Das Programm schreiben',
        ),
        { type: 'code', lang: 'js', file: 'src/count-rows.js', code: CODE },
        markdown('Die Schleife endet, sobald der Zeiger des Servers erschöpft ist.'),
      ],
    },
    {
      path: 'guide/overview',
      title: 'Überblick',
      description: 'Der Leitfaden in Kürze.',
      blocks: [
        markdown(
          'Der Leitfaden erklärt Pools anhand eines kleinen Programms.\n\n## Für wen er ist\n\nBetreiber lesen den Leitfaden von vorn bis hinten.',
        ),
      ],
    },
    {
      path: 'reference/overview',
      title: 'Überblick',
      description: 'Das Nachschlagewerk in Kürze.',
      blocks: [
        markdown('Das Nachschlagewerk führt jede Option mit ihrer Einheit auf.\n\n## Optionen'),
        markdown(
          '| Option | Einheit | Bedeutung |\n|---|---|---|\n| `size` | Verbindungen | Obergrenze offener Sockel |\n| `backoff` | Faktor | Wachstum der Pause |',
        ),
      ],
    },
    {
      path: 'reference/limits',
      title: 'Grenzen',
      description: 'Was nicht überschritten wird.',
      blocks: [
        markdown(
          'Kein Pool hält mehr als sechzigtausend Sockel.\n\n## Grenze des Kerns\n\nDer Kern zählt Anschlüsse mit sechzehn Bit.',
        ),
      ],
    },
  ];
}

export const POSTS: readonly Post[] = [
  {
    path: 'autumn-release',
    title: 'The release of autumn',
    description: 'What changed in autumn.',
    date: '2025-10-01',
    tags: ['release', 'sockets'],
    blocks: [
      markdown(
        'We rewrote the scheduler of borrowers during the summer.\n\n## Thanks\n\nEleven volunteers tested the candidate on their clusters.',
      ),
    ],
  },
  {
    path: 'spring-release',
    title: 'The release of spring',
    description: 'What changed in spring.',
    date: '2025-04-01',
    tags: ['release'],
    blocks: [
      markdown(
        'The parser of addresses now accepts sockets of the local host.\n\n## Thanks\n\nNine volunteers translated the messages of errors.',
      ),
    ],
  },
];
