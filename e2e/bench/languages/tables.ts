// The figures as Markdown tables, and the queries whose first result was not relevant.

import { hitRates, joined, rankOfRight, type Answers, type HitRates, type SiteQuery } from '../sites/hits.ts';
import { row, share } from '../sites/tables.ts';

export const LANGUAGE_KINDS = [
  'exact',
  'inflected',
  'compound',
  'accents',
  'how-to',
  'paraphrase',
  'misspelt',
  'half-typed',
  'mixed',
] as const;

const ENGINES = ['ours', 'pagefind'] as const;
type Engine = (typeof ENGINES)[number];
const HEADS: Readonly<Record<Engine, string>> = { ours: 'era-search', pagefind: 'Pagefind' };

export interface LanguageFigures {
  readonly tag: string;
  readonly english: string;
  /** Package and version. */
  readonly source: string;
  readonly isForced: boolean;
  readonly pages: number;
  readonly queries: readonly SiteQuery[];
  readonly answers: Readonly<Record<Engine, Answers>>;
}

export function tables(figures: readonly LanguageFigures[]): string {
  return [languageTable(figures), kindTable(figures)].join('\n\n');
}

function rates(figures: readonly LanguageFigures[], engine: Engine, kind?: string): HitRates {
  return joined(figures.map(({ queries, answers }) => hitRates(queries, answers[engine], kind)));
}

function languageTable(figures: readonly LanguageFigures[]): string {
  const lines = [
    row('hit@1 / hit@5, %', 'package', 'pages', 'queries', ...ENGINES.map((engine) => HEADS[engine])),
    '|---|---|--:|--:|--:|--:|',
  ];
  for (const site of figures) {
    const source = `${site.source.replace('_', ' ')}${site.isForced ? ' (language told)' : ''}`;
    const cells = ENGINES.map((engine) => share(rates([site], engine)));
    lines.push(row(site.english, source, String(site.pages), String(site.queries.length), ...cells));
  }
  const all = ENGINES.map((engine) => rates(figures, engine));
  lines.push(row('**all**', '', '', String(all[0]!.queries), ...all.map(share)));
  return lines.join('\n');
}

function kindTable(figures: readonly LanguageFigures[]): string {
  const lines = [row('hit@1 / hit@5, %', 'queries', ...ENGINES.map((engine) => HEADS[engine])), '|---|--:|--:|--:|'];
  for (const kind of LANGUAGE_KINDS) {
    const ofKind = ENGINES.map((engine) => rates(figures, engine, kind));
    if (ofKind[0]!.queries > 0) lines.push(row(kind, String(ofKind[0]!.queries), ...ofKind.map(share)));
  }
  return lines.join('\n');
}

/** Every query whose first result is not relevant, with the results. */
export function missesOf(figures: readonly LanguageFigures[]): string {
  const lines: string[] = [];
  for (const { tag, queries, answers } of figures) {
    for (const engine of ENGINES) {
      lines.push(`\n${tag}, ${HEADS[engine]}`);
      queries.forEach((query, i) => {
        const answer = answers[engine][i]!;
        const rank = rankOfRight(query, answer);
        if (rank !== 1)
          lines.push(
            `  ${String(rank ?? '-')}  ${query.query} (${query.kind}): ${answer.map(({ page }) => page).join(' ')}`,
          );
      });
    }
  }
  return lines.join('\n');
}
