// The visitor's last queries, stored by the browser where it allows it, else for the life of the page.

const PREFIX = 'era-search:recent:';

export class RecentSearches {
  readonly #key: string;
  #queries: readonly string[];

  /** @param name of the list, for sites of one origin with separate lists */
  constructor(name: string) {
    this.#key = PREFIX + name;
    this.#queries = read(this.#key);
  }

  /** Newest first. */
  list(most: number): readonly string[] {
    return this.#queries.slice(0, most);
  }

  add(query: string, most: number): void {
    const text = query.trim();
    if (text === '' || most === 0) return;
    this.#keep([text, ...this.#queries.filter((other) => other !== text)].slice(0, most));
  }

  remove(query: string): void {
    this.#keep(this.#queries.filter((other) => other !== query));
  }

  #keep(queries: readonly string[]): void {
    this.#queries = queries;
    try {
      if (queries.length === 0) localStorage.removeItem(this.#key);
      else localStorage.setItem(this.#key, JSON.stringify(queries));
    } catch {
      // Storage is full or forbidden: the list lasts as long as the page.
    }
  }
}

function read(key: string): readonly string[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(key) ?? '[]');
    return Array.isArray(kept) ? kept.filter((entry): entry is string => typeof entry === 'string') : [];
  } catch {
    return [];
  }
}
