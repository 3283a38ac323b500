// Keys and the pointer as WebDriver's actions, which WebDriver and WebDriver BiDi write alike.

/** Normalised key values of https://www.w3.org/TR/webdriver2/#keyboard-actions. */
const KEYS: Readonly<Record<string, string>> = {
  Backspace: '\uE003',
  Tab: '\uE004',
  Enter: '\uE007',
  Shift: '\uE008',
  Control: '\uE009',
  Escape: '\uE00C',
  ArrowLeft: '\uE012',
  ArrowUp: '\uE013',
  ArrowRight: '\uE014',
  ArrowDown: '\uE015',
};

interface Action {
  readonly type: string;
  readonly [property: string]: string | number;
}

export interface ActionSource {
  readonly type: 'key' | 'pointer';
  readonly id: string;
  readonly parameters?: { readonly pointerType: 'mouse' };
  readonly actions: readonly Action[];
}

const keyboard = (actions: readonly Action[]): ActionSource[] => [{ type: 'key', id: 'keyboard', actions }];

/** @param keys such as `Control+k` */
export function pressing(keys: string): ActionSource[] {
  const values = keys.split('+').map((key) => KEYS[key] ?? key);
  if (values.some((value) => Array.from(value).length !== 1))
    throw new Error(`${keys} names a key that is not known here.`);
  return keyboard([
    ...values.map((value) => ({ type: 'keyDown', value })),
    ...values.toReversed().map((value) => ({ type: 'keyUp', value })),
  ]);
}

export function typing(text: string): ActionSource[] {
  return keyboard(
    Array.from(text).flatMap((value) => [
      { type: 'keyDown', value },
      { type: 'keyUp', value },
    ]),
  );
}

export function clicking(x: number, y: number): ActionSource[] {
  return [
    {
      type: 'pointer',
      id: 'mouse',
      parameters: { pointerType: 'mouse' },
      actions: [
        { type: 'pointerMove', duration: 0, x: Math.round(x), y: Math.round(y) },
        { type: 'pointerDown', button: 0 },
        { type: 'pointerUp', button: 0 },
      ],
    },
  ];
}
