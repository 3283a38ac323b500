// Whether a key press belongs to an editable element, in which no shortcut may be taken.

/** Input types that take no text. */
const KEYLESS = ['button', 'checkbox', 'color', 'file', 'image', 'radio', 'range', 'reset', 'submit'];

/** Looks through open shadow roots. A custom element with a closed one counts as editable. */
export function isForEditing(event: Event): boolean {
  const [target] = event.composedPath();
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLInputElement) return !KEYLESS.includes(target.type);
  if (target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement || target.isContentEditable)
    return true;
  if (/^(textbox|searchbox|combobox|spinbutton)$/.test(target.getAttribute('role') ?? '')) return true;
  return target.localName.includes('-') && target.shadowRoot === null && target.matches(':focus');
}
