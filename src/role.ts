// The role of a text for an embedding model. There is no default, since a wrong role fails silently.

/** Queries get the model's query prompt, passages never do. */
export type Role = 'query' | 'passage';

/** @param prompt with `{text}` for the text; empty for none */
export function prompted(prompt: string, text: string): string {
  return prompt === '' ? text : prompt.replace('{text}', () => text);
}
