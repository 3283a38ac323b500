// Validates the content of a collection. It runs before any text is embedded, since that takes minutes, and again
// before the parts are made.

import { EraError } from '../errors.ts';
import { MAX_PASSAGES } from '../format/site-manifest.ts';
import { isPageAddress, nameOf, toPassages, type SiteContent } from '../format/site.ts';

/** @throws EraError `empty-corpus`, `too-large`, `duplicate-id`, `invalid-input` */
export function checkContent(content: SiteContent): void {
  const { pages, passages } = content;
  if (passages.length === 0) throw new EraError('empty-corpus', 'There is no text to index.');
  if (passages.length > MAX_PASSAGES)
    throw new EraError('too-large', `${passages.length} passages are more than ${MAX_PASSAGES}.`, {
      details: { count: passages.length },
    });
  const names = new Set<string>();
  for (const page of pages) {
    const { id, url } = page;
    const name = nameOf(page);
    if (names.has(name))
      throw new EraError(
        'duplicate-id',
        `Two pages have the ${id === undefined ? 'address' : 'id'} ${name.slice(0, 200)}.`,
        { details: { name } },
      );
    if (!isPageAddress(url))
      throw new EraError('invalid-input', `The address ${url.slice(0, 200)} is not a web address.`, {
        details: { url },
      });
    names.add(name);
  }
  passages.forEach(({ page, weight }, row) => {
    if (!(page in pages) || page < (passages[row - 1]?.page ?? 0))
      throw new EraError('invalid-input', `Passage ${row} names page ${page} out of order.`, {
        details: { row, page },
      });
    if (!(weight >= 0 && weight < Infinity))
      throw new EraError('invalid-input', `The weight of passage ${row} is not a finite number ≥ 0.`, {
        details: { row, weight },
      });
  });
  const ids = new Set<string>();
  for (const { id } of toPassages(content)) {
    if (/\p{Surrogate}/u.test(id))
      throw new EraError('invalid-input', `The id ${id.slice(0, 200)} is not well-formed text.`, { details: { id } });
    if (ids.has(id))
      throw new EraError('duplicate-id', `Two passages have the id ${id.slice(0, 200)}.`, { details: { id } });
    ids.add(id);
  }
}
