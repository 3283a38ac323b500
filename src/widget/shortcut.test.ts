import { expect, test } from 'vitest';
import { ariaKeyShortcuts, matchesShortcut, parseShortcuts, shortcutLabel, type KeyPress } from './shortcut.ts';

const press = (key: string, held: Partial<KeyPress> = {}): KeyPress => ({
  key,
  code: '',
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  altGraph: false,
  ...held,
});
const matches = (text: string, event: KeyPress, isApple = false): boolean =>
  parseShortcuts(text, isApple).some((shortcut) => matchesShortcut(shortcut, event));

test('mod is Cmd on Apple’s systems and Ctrl elsewhere, and never both', () => {
  expect(matches('mod+k', press('k', { ctrlKey: true }))).toBe(true);
  expect(matches('mod+k', press('k', { metaKey: true }))).toBe(false);
  expect(matches('mod+k', press('k', { metaKey: true }), true)).toBe(true);
  expect(matches('mod+k', press('k', { ctrlKey: true }), true)).toBe(false);
  expect(matches('mod+k', press('k', { ctrlKey: true, altKey: true }))).toBe(false);
});

test('caps lock changes nothing, shift makes another combination', () => {
  expect(matches('mod+k', press('K', { ctrlKey: true }))).toBe(true);
  expect(matches('mod+k', press('K', { ctrlKey: true, shiftKey: true }))).toBe(false);
  expect(matches('mod+shift+k', press('K', { ctrlKey: true, shiftKey: true }))).toBe(true);
});

test('a letter is matched by its physical key where the layout has another script, not where it has another Latin letter', () => {
  expect(matches('mod+k', press('л', { ctrlKey: true, code: 'KeyK' }))).toBe(true);
  expect(matches('mod+k', press('t', { ctrlKey: true, code: 'KeyK' }))).toBe(false);
});

test('a sign matches however the layout produces it', () => {
  expect(matches('/', press('/'))).toBe(true);
  expect(matches('/', press('/', { shiftKey: true, code: 'Digit7' }))).toBe(true);
  expect(matches('/', press('/', { ctrlKey: true }))).toBe(false);
  expect(matches('/', press('?', { shiftKey: true }))).toBe(false);
  expect(matches('/', press('/', { altGraph: true, ctrlKey: true, altKey: true }))).toBe(true);
  expect(matches('/', press('/', { altGraph: true }))).toBe(true);
  expect(matches('/', press('/', { ctrlKey: true, altKey: true }))).toBe(false);
  expect(matches('k', press('k', { altGraph: true, ctrlKey: true, altKey: true }))).toBe(false);
  expect(matches('mod+/', press('/', { altGraph: true, ctrlKey: true, altKey: true }))).toBe(false);
});

test('several combinations, none, and invalid ones', () => {
  expect(parseShortcuts('mod+k /', false)).toHaveLength(2);
  expect(parseShortcuts('', false)).toEqual([]);
  expect(parseShortcuts('hyper+k  ctrl+', false)).toEqual([]);
});

test('they are shown as on the keys, and named for assistive technology', () => {
  const [combination, slash] = parseShortcuts('mod+k /', true);
  expect(shortcutLabel(combination!, true)).toBe('⌘ K');
  expect(shortcutLabel(parseShortcuts('mod+k', false)[0]!, false)).toBe('Ctrl K');
  expect(ariaKeyShortcuts([combination!, slash!])).toBe('Meta+K /');
});
