// One piece of text that can be found, as encoders and labels know it.

export interface Passage {
  /** What labels name. */
  readonly id: string;
  readonly text: string;
  readonly title?: string;
  /** Where it can be read, relative or http(s). */
  readonly url?: string;
}

/** What every encoder reads of a passage: its title says what the text is about. */
export function passageText({ title, text }: Pick<Passage, 'title' | 'text'>): string {
  return title ? `${title}\n${text}` : text;
}
