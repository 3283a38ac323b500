// What stays in the browser for a site: the owner's labels and the queries that found nothing.

import { parseQueries, type LabelledQuery } from '../../index.ts';
import { toJsonl } from './owner-labels.ts';

export interface Kept {
  readonly labels: readonly LabelledQuery[];
  readonly unanswered: readonly string[];
}

/** @param site its address @returns nothing where nothing is kept or it cannot be read */
export function loadKept(site: string): Kept {
  return { labels: read(`labels:${site}`, parseQueries), unanswered: read(`unanswered:${site}`, parseLines) };
}

/** @returns false where the browser keeps nothing: no room, or not allowed */
export function keep(site: string, { labels, unanswered }: Partial<Kept>): boolean {
  return (labels === undefined || write(`labels:${site}`, toJsonl(labels))) && (unanswered === undefined || write(`unanswered:${site}`, unanswered.join('\n')));
}

const PREFIX = 'era-search:owner:';

function read<T>(name: string, parse: (text: string) => readonly T[]): readonly T[] {
  try {
    return parse(localStorage.getItem(PREFIX + name) ?? '');
  } catch {
    return [];
  }
}

function write(name: string, text: string): boolean {
  try {
    if (text === '') localStorage.removeItem(PREFIX + name);
    else localStorage.setItem(PREFIX + name, text);
    return true;
  } catch {
    return false;
  }
}

function parseLines(text: string): string[] {
  return text.split('\n').filter((line) => line !== '');
}
