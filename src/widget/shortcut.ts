// Key combinations that open the search: how they are written in an attribute, told from a key press, shown, and whom
// they must not be taken from.

export interface Shortcut {
  /** Lower case; one character or a name such as `f2`. */
  readonly key: string;
  readonly ctrl: boolean;
  readonly meta: boolean;
  readonly alt: boolean;
  readonly shift: boolean;
}

export interface KeyPress {
  readonly key: string;
  readonly code: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
}

const MODIFIERS = ['mod', 'ctrl', 'meta', 'alt', 'shift'];

/**
 * @param text combinations with spaces between, `mod` for Cmd on Apple's systems and Ctrl elsewhere; what is no
 * combination is passed over
 */
export function parseShortcuts(text: string, isApple: boolean): Shortcut[] {
  return text
    .toLowerCase()
    .split(/\s+/)
    .flatMap((word) => {
      const parts = word === '+' ? ['+'] : word.split('+');
      const key = parts.pop() ?? '';
      if (key === '' || parts.some((part) => !MODIFIERS.includes(part))) return [];
      const has = (name: string): boolean =>
        parts.includes(name) || (parts.includes('mod') && name === (isApple ? 'meta' : 'ctrl'));
      return [{ key, ctrl: has('ctrl'), meta: has('meta'), alt: has('alt'), shift: has('shift') }];
    });
}

/**
 * Whatever caps lock says; a letter is also told by its place on the keyboard where the layout gives another script.
 */
export function matchesShortcut({ key, ctrl, meta, alt, shift }: Shortcut, press: KeyPress): boolean {
  if (press.ctrlKey !== ctrl || press.metaKey !== meta || press.altKey !== alt) return false;
  // A sign may need shift on some layouts (`/` on German ones); a letter with shift is another combination.
  const isLetter = /^[a-z]$/.test(key);
  if (press.shiftKey !== shift && (isLetter || shift)) return false;
  const pressed = press.key.toLowerCase();
  return pressed === key || (isLetter && !/^[a-z]$/.test(pressed) && press.code === `Key${key.toUpperCase()}`);
}

/** As on a key cap: `⌘ K`, `Ctrl K`, `/`. */
export function shortcutLabel({ key, ctrl, meta, alt, shift }: Shortcut, isApple: boolean): string {
  const names = isApple
    ? { ctrl: '⌃', meta: '⌘', alt: '⌥', shift: '⇧' }
    : { ctrl: 'Ctrl', meta: 'Meta', alt: 'Alt', shift: 'Shift' };
  return [
    ...(ctrl ? [names.ctrl] : []),
    ...(meta ? [names.meta] : []),
    ...(alt ? [names.alt] : []),
    ...(shift ? [names.shift] : []),
    key.toUpperCase(),
  ].join(' ');
}

/** For `aria-keyshortcuts`: all of them, with spaces between. */
export function ariaKeyShortcuts(shortcuts: readonly Shortcut[]): string {
  return shortcuts
    .map(({ key, ctrl, meta, alt, shift }) =>
      [
        ...(ctrl ? ['Control'] : []),
        ...(meta ? ['Meta'] : []),
        ...(alt ? ['Alt'] : []),
        ...(shift ? ['Shift'] : []),
        key.toUpperCase(),
      ].join('+'),
    )
    .join(' ');
}

export function isAppleSystem(): boolean {
  const { userAgentData, platform } = navigator as Navigator & {
    readonly userAgentData?: { readonly platform: string };
  };
  return /mac|iphone|ipad|ipod/i.test(userAgentData?.platform ?? platform);
}
