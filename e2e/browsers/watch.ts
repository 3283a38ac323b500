// Runs in every page of the flows before its other scripts: keeps what the page said of itself, and finds elements in
// shadow trees. A script of the site, since not every driver can add one to a page.

interface Detail {
  readonly answer?: { readonly query: string; readonly isLast: boolean; readonly source: object };
}

/** Its text is that script, so it uses nothing around it. */
export function watch(): void {
  const seen: { events: object[]; lines: string[]; complaints: string[] } = { events: [], lines: [], complaints: [] };
  const complain = (text: string): number => seen.complaints.push(text);
  addEventListener('error', ({ message }) => complain(`uncaught: ${message}`));
  addEventListener('unhandledrejection', ({ reason }) => complain(`unhandled: ${String(reason)}`));
  document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) =>
    complain(`policy: ${violatedDirective} ${blockedURI}`),
  );
  for (const type of ['open', 'close', 'results', 'select', 'error']) {
    addEventListener(`era-search:${type}`, (event) => {
      const { query = null, isLast = null, source = null } = (event as CustomEvent<Detail | null>).detail?.answer ?? {};
      seen.events.push({ type, query, isLast, source });
    });
  }

  /** All elements of a selector, in which `>>>` leads into shadow trees. */
  const allOf = (selector: string): Element[] => {
    const [first = '', ...rest] = selector.split(' >>> ');
    return rest.reduce<Element[]>(
      (found, inner) => found.flatMap(({ shadowRoot }) => [...(shadowRoot?.querySelectorAll(inner) ?? [])]),
      [...document.querySelectorAll(first)],
    );
  };

  /** What the line of the small model has said, once each. */
  const noteLine = (): void => {
    const texts = Array.from(allOf('era-search >>> .loading')[0]?.childNodes ?? [], (node) =>
      node instanceof Text ? node.data.trim() : '',
    );
    const line = texts.find((text) => text !== '');
    if (line !== undefined && !seen.lines.includes(line)) seen.lines.push(line);
  };
  void customElements.whenDefined('era-search').then(() => {
    for (const { shadowRoot } of document.querySelectorAll('era-search'))
      if (shadowRoot)
        new MutationObserver(noteLine).observe(shadowRoot, { subtree: true, childList: true, characterData: true });
  });

  Object.assign(globalThis, { seen, allOf });
}
