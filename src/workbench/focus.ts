// Moves the focus when the focused element was removed or disabled: to the heading of the same part, not to the top of
// the page.

/** @returns a function to call after each render */
export function keepFocus(root: HTMLElement): () => void {
  let last: HTMLElement | null = null;
  let part: Element | null = null;
  root.addEventListener('focusin', ({ target }) => {
    last = target as HTMLElement;
    part = last.closest('section, header');
  });
  root.addEventListener('focusout', ({ relatedTarget }) => {
    if (relatedTarget !== null) last = null;
  });
  root.addEventListener('pointerdown', () => (last = null)); // a person with a pointer does not need it
  return () => {
    if (
      last === null ||
      document.activeElement === last ||
      (document.activeElement !== document.body && document.activeElement !== null)
    )
      return;
    if (last.isConnected && !last.matches(':disabled')) return;
    last = null;
    (part?.isConnected ? part : root).querySelector<HTMLElement>('[tabindex="-1"]')?.focus({ preventScroll: true });
  };
}
