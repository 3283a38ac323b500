import { expect, test } from 'vitest';
import { openerOf } from './open-browser.ts';

test('a browser is opened only where there is a desktop to open it on', () => {
  expect(openerOf({ DISPLAY: ':0' }, 'linux')).toEqual(['xdg-open']);
  expect(openerOf({ WAYLAND_DISPLAY: 'wayland-0' }, 'linux')).toEqual(['xdg-open']);
  expect(openerOf({}, 'linux')).toBeNull();
  expect(openerOf({}, 'darwin')).toEqual(['open']);
  expect(openerOf({}, 'win32')?.[0]).toBe('cmd');
  expect(openerOf({ DISPLAY: ':0', CI: 'true' }, 'linux')).toBeNull();
  expect(openerOf({ SSH_CONNECTION: '10.0.0.1 1 10.0.0.2 22' }, 'darwin')).toBeNull();
});
