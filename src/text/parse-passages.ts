// Reads the passages of an index from JSONL: MAIR rows `{id, doc}`, or `{id, text, title?, url?}`; the two may be mixed.

import { EraError } from '../errors.ts';
import { parseLines } from '../evaluate/parse-task.ts';
import type { Passage } from '../format/passage.ts';

/** @throws EraError `malformed-jsonl`, `duplicate-id` (both with `line`), `empty-corpus`, `too-large` */
export function parsePassages(jsonl: string): Passage[] {
  const seen = new Set<string>();
  const passages = parseLines(jsonl, (row): Passage => {
    const id = row.text('id');
    if (seen.has(id)) row.fail('duplicate-id', `the passage id “${id}” is there twice`, { id });
    seen.add(id);
    const text = row.text(row.value('doc') === undefined ? 'text' : 'doc');
    const title = row.optionalText('title');
    const url = row.optionalText('url');
    if (!isWebAddress(url)) row.fail('malformed-jsonl', '“url” is neither relative nor http(s)', { url });
    return { id, text, ...(title === '' ? {} : { title }), ...(url === '' ? {} : { url }) };
  });
  if (passages.length === 0) throw new EraError('empty-corpus', 'The corpus has no passages.');
  return passages;
}

/** The page makes links of these: `javascript:` and the like must not get in. */
function isWebAddress(url: string): boolean {
  return URL.canParse(url, 'https://site.example/') && /^https?:$/.test(new URL(url, 'https://site.example/').protocol);
}
