// The dialog's life: opening above the page, holding the page still, fitting beside an on-screen keyboard, giving the
// focus back.

export class Modal {
  #dialog: HTMLDialogElement | null = null;
  #opener: HTMLElement | null = null;
  #releasePage: (() => void) | null = null;

  get isOpen(): boolean {
    return this.#dialog !== null;
  }

  /** @param opener gets the focus back; the element that has it now if absent */
  show(dialog: HTMLDialogElement, opener: HTMLElement | null): void {
    if (this.#dialog) return;
    this.#dialog = dialog;
    this.#opener = opener ?? focusedElement();
    dialog.showModal();
    this.#releasePage = holdPage();
    visualViewport?.addEventListener('resize', this.#fit);
    this.#fit();
  }

  close(): void {
    const dialog = this.#dialog;
    if (!dialog) return;
    this.#dialog = null;
    visualViewport?.removeEventListener('resize', this.#fit);
    this.#releasePage?.();
    if (dialog.open) dialog.close();
    if (this.#opener?.isConnected) this.#opener.focus({ preventScroll: true });
    this.#opener = null;
  }

  /** A keyboard on the screen covers the page without changing `dvh` on some systems. */
  readonly #fit = (): void => {
    const height = visualViewport?.height;
    if (height) this.#dialog?.style.setProperty('--_visible-height', `${height}px`);
  };
}

/** Through open shadow roots. */
export function focusedElement(): HTMLElement | null {
  let element = document.activeElement;
  while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
  return element instanceof HTMLElement && element !== document.body ? element : null;
}

/** Stops the page from scrolling, without a jump where its scroll bar took room. @returns undoes it */
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
