// What a text is to an embedding model. There is no default: leaving the role out fails silently elsewhere.

/** Queries get the model's query prompt, passages never do. */
export type Role = 'query' | 'passage';

/** @param prompt with `{text}` where the text goes; empty for none */
export function prompted(prompt: string, text: string): string {
  return prompt === '' ? text : prompt.replace('{text}', () => text);
}
