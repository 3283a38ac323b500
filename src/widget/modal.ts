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

/** Stops the page from scrolling, without a shift where its scroll bar took room. @returns a function that undoes it */
function holdPage(): () => void {
  const { style } = document.documentElement;
  const before = { overflow: style.overflow, padding: style.paddingInlineEnd };
  const barWidth = innerWidth - document.documentElement.clientWidth;
  style.overflow = 'hidden';
  if (barWidth > 0) style.paddingInlineEnd = `${barWidth}px`;
  return () => {
    style.overflow = before.overflow;
    style.paddingInlineEnd = before.padding;
  };
}
