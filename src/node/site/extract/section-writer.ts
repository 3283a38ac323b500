// Divides headings and texts into sections, in order, and keeps the trail of headings and the anchor of each.

import { MAX_HEADING_LENGTH, plainLines, plainText, shortened } from '../../../text/plain-text.ts';
import type { Block, ExtractedSection } from '../extracted-page.ts';

/** Level of a term of a definition list with an address, below all headings; one more for each list around its own. */
export const TERM_LEVEL = 7;

interface TrailEntry {
  readonly level: number;
  readonly text: string;
  readonly anchor: string;
}

interface Mark {
  readonly id: string;
  readonly kind: 'section' | 'anchor' | 'other';
}

interface Position {
  readonly headings: number;
  readonly section: ExtractedSection | null;
  readonly blocks: number;
}

interface OpenSection extends ExtractedSection {
  readonly blocks: Block[];
}

function withColon(term: string): string {
  return term.endsWith(':') ? term : `${term}:`;
}

export class SectionWriter {
  readonly sections: OpenSection[] = [];
  readonly #title: string;
  #titleSeen = false;
  #trail: TrailEntry[] = [];
  #headings = 0;
  #text = '';
  #weight = 0;
  /** Of the text since the last flush; an empty one for that of the page. */
  readonly #languages = new Set<string>();
  /** Kind of the text that follows: a heading of this level, the term before a definition, or a block. */
  #heading: { level: number; anchor: string; title: string } | null = null;
  #announced: { title: string; anchor: string } | null = null;
  #terms: string[] = [];
  /** Anchors since the last text, which may belong to the next heading. */
  #before: Mark[] = [];
  /** Anchor of the current part of a section, where a rule divides it. */
  #partAnchor = '';
  #open: OpenSection | null = null;

  constructor(title: string) {
    this.#title = title;
  }

  get hasText(): boolean {
    return this.#titleSeen || this.sections.length > 0;
  }

  get inHeading(): boolean {
    return this.#heading !== null;
  }

  get depth(): number {
    return this.#trail.length;
  }

  /** An element with this id begins here. */
  mark(id: string, kind: Mark['kind']): void {
    if (id === '') return;
    if (this.#heading) {
      if (this.#heading.anchor === '') this.#heading.anchor = id;
    } else this.#before.push({ id, kind });
  }

  /** The element with this id ends here: a heading after it does not get this id. */
  unmark(id: string): void {
    const at = this.#before.findLastIndex((marked) => marked.id === id);
    if (at >= 0) this.#before.splice(at, 1);
  }

  /** @param language of the text, where it is another one than the page's; else empty */
  text(data: string, weight: number, language = ''): void {
    if (weight === 0) return;
    this.#text += data;
    if (!/\S/.test(data)) return;
    this.#weight = Math.max(this.#weight, weight);
    this.#languages.add(language);
    this.#before = [];
  }

  /** Id of an `<a name>` directly before the text that follows; empty for none. */
  get anchorBefore(): string {
    return this.#before.findLast(({ kind }) => kind === 'anchor')?.id ?? '';
  }

  /** A rule: the text that follows gets its own anchor if one is directly before it. */
  rule(): void {
    this.flush();
    if (this.anchorBefore === '') return;
    this.#partAnchor = this.anchorBefore;
    this.#open = null;
  }

  /** Text until the next `flush` with text is a heading. @param title used instead of it; empty for none */
  beginHeading(level: number, id: string, title = ''): void {
    this.flush();
    this.#settleTerms();
    const announced = id === '' ? this.#announced : null;
    this.#announced = null;
    this.#heading = announced ? { level, ...announced } : { level, anchor: id || this.#addressBefore(), title };
  }

  /** Ends the heading, even if it was empty. */
  endHeading(): void {
    this.flush();
    this.#heading = null;
  }

  /** Text until the next `flush` is the term that the next block defines. */
  endTerm(): void {
    const text = this.#take(false);
    if (text !== '') this.#terms.push(text);
  }

  /** Ends a line of a block that keeps its lines. */
  endLine(): void {
    if (!this.#text.endsWith('\n')) this.#text += '\n';
  }

  /** Ends a block. @param lines keeps line breaks, as in code */
  flush(lines = false): void {
    const weight = this.#weight;
    const [language = '', ...others] = this.#languages;
    const text = this.#take(lines);
    if (text === '') return;
    if (text === this.#title && this.sections.length === 0 && !this.#heading) return; // a masthead
    if (this.#heading) this.#addHeading(text);
    else {
      this.#addBlock(
        [...(this.#terms.length === 0 ? [] : [withColon(this.#terms.join(', '))]), text].join(lines ? '\n' : ' '),
        weight,
        others.length === 0 ? language : '',
      );
      this.#terms = [];
    }
  }

  /**
   * An element with its own title begins: the title replaces the first heading in it, or becomes a heading for its
   * text.
   */
  announce(title: string, anchor: string): void {
    this.#announced = { title, anchor };
  }

  /** Restores the trail of headings of this depth. */
  truncate(depth: number): void {
    this.flush();
    this.#settleTerms();
    if (this.#trail.length <= depth) return;
    this.#trail.length = depth;
    this.#partAnchor = '';
    this.#open = null;
  }

  /** The current end of the blocks. */
  get position(): Position {
    return { headings: this.#headings, section: this.#open, blocks: this.#open?.blocks.length ?? 0 };
  }

  /** Joins the blocks since then, like the cells of a row, unless a heading came between or one is long. */
  join(since: Position, separator: string, maxLength: number): void {
    if (since.headings !== this.#headings || !this.#open) return;
    const { blocks } = this.#open;
    const from = since.section === this.#open ? since.blocks : 0;
    const row = blocks.slice(from);
    if (
      row.length < 2 ||
      row.some(
        ({ text, weight, language }) =>
          weight !== row[0]!.weight || language !== row[0]!.language || text.length > maxLength,
      )
    )
      return;
    blocks.splice(from, row.length, { ...row[0]!, text: row.map(({ text }) => text).join(separator) });
  }

  #addressBefore(): string {
    return (this.#before.findLast(({ kind }) => kind === 'section') ?? this.#before.at(-1))?.id ?? '';
  }

  /** Writes terms without a definition. */
  #settleTerms(): void {
    if (this.#terms.length === 0) return;
    this.#addBlock(this.#terms.join(', '), 1);
    this.#terms = [];
  }

  #take(lines: boolean): string {
    const text = lines ? plainLines(this.#text) : plainText(this.#text);
    this.#text = '';
    this.#weight = 0;
    this.#languages.clear();
    return text;
  }

  #addHeading(read: string): void {
    const { level, anchor, title } = this.#heading!;
    this.#heading = null;
    const full = title === '' ? read : title;
    const text = shortened(full, MAX_HEADING_LENGTH);
    while (this.#trail.length > 0 && this.#trail.at(-1)!.level >= level) this.#trail.pop();
    const isTitle = !this.#titleSeen && this.#trail.length === 0 && shortened(full, MAX_HEADING_LENGTH) === this.#title;
    this.#titleSeen ||= isTitle;
    this.#headings++;
    this.#trail.push(
      isTitle ? { level, text: '', anchor: '' } : { level, text, anchor: anchor || (this.#trail.at(-1)?.anchor ?? '') },
    );
    this.#partAnchor = '';
    this.#open = null;
    if (!isTitle) this.#openSection();
    if (text !== full && !isTitle) this.#addBlock(full, 1);
  }

  #addBlock(text: string, weight: number, language = ''): void {
    if (this.#announced) {
      this.#heading = { level: (this.#trail.at(-1)?.level ?? 0) + 1, ...this.#announced };
      this.#announced = null;
      this.#addHeading('');
    }
    this.#openSection().blocks.push(language === '' ? { text, weight } : { text, weight, language });
  }

  #openSection(): OpenSection {
    if (this.#open) return this.#open;
    const headings = this.#trail.map(({ text }) => text).filter((text) => text !== '');
    this.#open = { headings, anchor: this.#partAnchor || (this.#trail.at(-1)?.anchor ?? ''), blocks: [] };
    this.sections.push(this.#open);
    return this.#open;
  }
}
