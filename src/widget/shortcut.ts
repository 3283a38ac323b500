// Keyboard shortcuts: parsing them from an attribute, matching a key press, labels, and checks against use in editable
// elements.

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
  /** AltGr, which Windows reports as Ctrl and Alt besides. */
  readonly altGraph: boolean;
}

const MODIFIERS = ['mod', 'ctrl', 'meta', 'alt', 'shift'];

/**
 * @param text combinations separated by spaces, `mod` for Cmd on Apple's systems and Ctrl elsewhere; invalid ones are
 * ignored
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

/** Ignores caps lock; a letter also matches by its physical key where the layout gives another script. */
export function matchesShortcut({ key, ctrl, meta, alt, shift }: Shortcut, press: KeyPress): boolean {
  const isLetter = /^[a-z]$/.test(key);
  // A sign may need shift or AltGr on some layouts (`/` on German ones); a letter with these is another combination.
  const isLayouts = press.altGraph && !isLetter && !ctrl && !alt && key.length === 1;
  if (press.metaKey !== meta || (!isLayouts && (press.ctrlKey !== ctrl || press.altKey !== alt))) return false;
  if (press.shiftKey !== shift && (isLetter || shift)) return false;
  const pressed = press.key.toLowerCase();
  return pressed === key || (isLetter && !/^[a-z]$/.test(pressed) && press.code === `Key${key.toUpperCase()}`);
}

/** Label as on key caps: `⌘ K`, `Ctrl K`, `/`. */
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

/** Value of `aria-keyshortcuts`: all shortcuts, separated by spaces. */
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
