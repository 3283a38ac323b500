// The dialog: opens above the page, stops the page from scrolling, fits beside an on-screen keyboard, and returns the
// focus.

export class Modal {
  #dialog: HTMLDialogElement | null = null;
  #opener: HTMLElement | null = null;
  #releasePage: (() => void) | null = null;
  /** Told too when the dialog loses its box, because the page has hidden what is around it. */
  readonly #sizes: ResizeObserver;

  /** @param hidden called when the page has hidden the open dialog, which would still block it */
  constructor(hidden: () => void) {
    this.#sizes = new ResizeObserver(() => {
      if (this.#dialog?.getClientRects().length === 0) hidden();
    });
  }

  get isOpen(): boolean {
    return this.#dialog !== null;
  }

  /** @param opener receives the focus afterwards; the focused element if absent */
  show(dialog: HTMLDialogElement, opener: HTMLElement | null): void {
    if (this.#dialog) return;
    this.#dialog = dialog;
    this.#opener = opener ?? focusedElement();
    dialog.showModal();
    this.#releasePage = holdPage();
    this.#sizes.observe(dialog);
    visualViewport?.addEventListener('resize', this.#fit);
    this.#fit();
  }

  close(): void {
    const dialog = this.#dialog;
    if (!dialog) return;
    this.#dialog = null;
    this.#sizes.disconnect();
    visualViewport?.removeEventListener('resize', this.#fit);
    this.#releasePage?.();
    if (dialog.open) dialog.close();
    if (this.#opener?.isConnected) this.#opener.focus({ preventScroll: true });
    this.#opener = null;
  }

  /** On some systems an on-screen keyboard covers the page without changing `dvh`. */
  readonly #fit = (): void => {
    const height = visualViewport?.height;
    if (height) this.#dialog?.style.setProperty('--_visible-height', `${height}px`);
  };
}

/** The focused element, also inside open shadow roots. */
export function focusedElement(): HTMLElement | null {
  let element = document.activeElement;
  while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
  return element instanceof HTMLElement && element !== document.body ? element : null;
}

/** Dialogs that hold the page; the last one to close gives it back. */
let holders = 0;
let giveBack: () => void = () => undefined;

/**
 * Stops the page from scrolling, and keeps the room of its scroll bar, so that nothing shifts, fixed elements included.
 * @returns a function that undoes it, except for what the page itself has changed meanwhile
 */
function holdPage(): () => void {
  if (holders++ === 0) giveBack = stopScrolling();
  return () => {
    if (--holders === 0) giveBack();
  };
}

function stopScrolling(): () => void {
  const root = document.documentElement;
  const { overflow, scrollbarGutter, paddingRight } = getComputedStyle(root);
  const barWidth = innerWidth - root.clientWidth;
  // Where the root's own is visible, the window scrolls by the body's; it would be a scroller of its own beside the root's.
  const scroller = overflow === 'visible' ? document.body : root;
  const undo = ['overflow-x', 'overflow-y'].map((name) => setStyle(scroller, name, 'hidden'));
  if (barWidth > 0 && scrollbarGutter === 'auto') undo.push(setStyle(root, 'scrollbar-gutter', 'stable'));
  // Safari before 18.2 has no scrollbar-gutter.
  if (barWidth > 0 && !CSS.supports('scrollbar-gutter', 'stable'))
    undo.push(setStyle(root, 'padding-right', `calc(${paddingRight} + ${barWidth}px)`));
  return () => undo.forEach((one) => one());
}

function setStyle({ style }: HTMLElement, name: string, value: string): () => void {
  const before = style.getPropertyValue(name);
  const priority = style.getPropertyPriority(name);
  style.setProperty(name, value);
  const ours = style.getPropertyValue(name);
  return () => {
    if (style.getPropertyValue(name) === ours) style.setProperty(name, before, priority);
  };
}
