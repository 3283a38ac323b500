// What a reader sees of the neutral pages: headings, and the text below each.

import type { Block, Page } from './content.ts';

export interface PlainSection {
  /** Empty for the top of the page. */
  readonly heading: string;
  readonly lines: readonly { readonly text: string; readonly kind: Kind }[];
}

export type Kind = 'text' | 'tab' | 'callout' | 'code' | 'details' | 'table' | 'task' | 'footnote' | 'label';

export function plainSections(page: Page): PlainSection[] {
  const sections: { heading: string; lines: { text: string; kind: Kind }[] }[] = [{ heading: '', lines: [] }];
  for (const { text, kind } of page.blocks.flatMap(linesOf)) {
    if (text.startsWith('## ')) sections.push({ heading: text.slice(3), lines: [] });
    else if (text !== '') sections.at(-1)!.lines.push({ text, kind });
  }
  return sections;
}

function linesOf(block: Block): { text: string; kind: Kind }[] {
  switch (block.type) {
    case 'markdown':
      return block.text.split('\n').flatMap(markdownLine);
    case 'tabs':
      return block.tabs.flatMap(({ label, text, code }) => [
        { text: label, kind: 'label' },
        { text, kind: 'tab' },
        { text: code, kind: 'code' },
      ]);
    case 'note':
      return [
        { text: block.title, kind: 'callout' },
        { text: block.text, kind: 'callout' },
      ];
    case 'code':
      return [
        { text: block.file, kind: 'label' },
        { text: block.code, kind: 'code' },
      ];
    case 'details':
      return [
        { text: block.summary, kind: 'details' },
        { text: block.text, kind: 'details' },
      ];
  }
}

function markdownLine(line: string): { text: string; kind: Kind }[] {
  const text = line.replace(/<\/?kbd>|`|\*\*/g, '');
  if (/^\|-/.test(line)) return [];
  if (line.startsWith('|')) {
    const cells = text.split('|').map((cell) => cell.trim());
    return cells.filter((cell) => cell !== '').map((cell) => ({ text: cell, kind: 'table' }));
  }
  if (/^- \[/.test(line)) return [{ text: text.slice(6), kind: 'task' }];
  const note = /^\[\^\w+\]: (.*)/.exec(text)?.[1];
  return [
    note === undefined ? { text: text.replace(/\[\^\w+\]/g, ''), kind: 'text' } : { text: note, kind: 'footnote' },
  ];
}
