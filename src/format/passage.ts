// A passage of a collection, as encoders and labels use it.

export interface Passage {
  /** Id that labels use. */
  readonly id: string;
  readonly text: string;
  readonly title?: string;
  /** Address, relative or http(s). */
  readonly url?: string;
}

/** The text that every encoder reads of a passage: title and text. */
export function passageText({ title, text }: Pick<Passage, 'title' | 'text'>): string {
  return title ? `${title}\n${text}` : text;
}
