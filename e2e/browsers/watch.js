// Runs in every page of the flows before its other scripts: keeps what the page said of itself, and finds elements in
// shadow trees. A script of the site, since not every driver can add one to a page.

{
  const seen = { events: [], lines: [], complaints: [] };
  const complain = (text) => seen.complaints.push(text);
  addEventListener('error', ({ message }) => complain(`uncaught: ${message}`));
  addEventListener('unhandledrejection', ({ reason }) => complain(`unhandled: ${String(reason)}`));
  document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) =>
    complain(`policy: ${violatedDirective} ${blockedURI}`),
  );
  for (const type of ['open', 'close', 'results', 'select', 'error']) {
    addEventListener(`era-search:${type}`, ({ detail }) => {
      const { query = null, isLast = null, source = null } = detail?.answer ?? {};
      seen.events.push({ type, query, isLast, source });
    });
  }

  /** All elements of a selector, in which `>>>` leads into shadow trees. */
  const allOf = (selector) => {
    const [first, ...rest] = selector.split(' >>> ');
    return rest.reduce(
      (found, inner) => found.flatMap(({ shadowRoot }) => [...(shadowRoot?.querySelectorAll(inner) ?? [])]),
      [...document.querySelectorAll(first)],
    );
  };

  /** What the line of the small model has said, once each. */
  const noteLine = () => {
    const text = allOf('era-search >>> .loading')[0]?.firstChild;
    const line = [...(text?.parentNode.childNodes ?? [])].find(
      ({ nodeType, data }) => nodeType === 3 && data.trim() !== '',
    );
    if (line && !seen.lines.includes(line.data.trim())) seen.lines.push(line.data.trim());
  };
  customElements.whenDefined('era-search').then(() => {
    for (const { shadowRoot } of document.querySelectorAll('era-search'))
      if (shadowRoot)
        new MutationObserver(noteLine).observe(shadowRoot, { subtree: true, childList: true, characterData: true });
  });

  Object.assign(globalThis, { seen, allOf });
}
