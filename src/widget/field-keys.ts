// The keyboard in an open search. Keys for text editing keep their meaning: Home, End, Left and Right move the caret,
// Tab moves the focus.

export interface KeyActions {
  readonly field: HTMLInputElement;
  /** @returns false when there is no option to move to */
  readonly move: (step: 1 | -1) => boolean;
  readonly open: (modifiers: Pick<MouseEvent, 'ctrlKey' | 'metaKey' | 'shiftKey'>) => void;
  /** Clears the field, or closes an empty one. @returns false when there was nothing to do */
  readonly escape: () => boolean;
  /** Buttons of the recent searches. */
  readonly recent: () => readonly HTMLElement[];
}

/** Leaves keys that an input method uses to compose to it; Escape would close the dialog as well. */
export function followKey(event: KeyboardEvent, actions: KeyActions): void {
  if (isComposingKey(event)) {
    if (event.key === 'Escape') event.preventDefault();
    return;
  }
  if (event.defaultPrevented) return;
  const target = event.composedPath()[0];
  if (event.key === 'Escape') {
    if (actions.escape()) take(event);
  } else if (target === actions.field) inField(event, actions);
  else if (event.key === 'ArrowDown' || event.key === 'ArrowUp') inRecent(event, actions);
  else if (isTyping(event)) goOnTyping(actions.field);
}

/** Safari reports the key that ends a composition after it has ended, with the key code 229 alone. */
export function isComposingKey(event: Pick<KeyboardEvent, 'isComposing' | 'key' | 'keyCode'>): boolean {
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- nothing else tells of it
  return event.isComposing || event.key === 'Process' || event.keyCode === 229;
}

function inField(event: KeyboardEvent, { move, open, recent }: KeyActions): void {
  if (event.key === 'Enter') {
    take(event);
    open(event);
    return;
  }
  if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
  if (move(event.key === 'ArrowDown' ? 1 : -1)) take(event);
  else if (event.key === 'ArrowDown') recent()[0]?.focus();
}

function inRecent(event: KeyboardEvent, { field, recent }: KeyActions): void {
  const buttons = recent();
  const at = buttons.findIndex((button) => button === event.composedPath()[0]);
  if (at === -1) return;
  take(event);
  (buttons[at + (event.key === 'ArrowDown' ? 1 : -1)] ?? field).focus();
}

/** Focuses the field, so that the key is typed there. */
function goOnTyping(field: HTMLInputElement): void {
  field.focus();
  field.setSelectionRange(field.value.length, field.value.length);
}

function isTyping({ key, ctrlKey, metaKey, altKey }: KeyboardEvent): boolean {
  return !ctrlKey && !metaKey && !altKey && (key === 'Backspace' || /^\S$/u.test(key));
}

function take(event: Event): void {
  event.preventDefault();
  event.stopPropagation();
}
