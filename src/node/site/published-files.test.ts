import { expect, test } from 'vitest';
import { sideBySide } from './published-files.ts';

test('results are in the order of the items, whichever is done first', async () => {
  const items = Array.from({ length: 40 }, (_, i) => i);
  const turns = (count: number): Promise<void> =>
    count === 0 ? Promise.resolve() : Promise.resolve().then(() => turns(count - 1));
  expect(await sideBySide(items, async (i) => (await turns((i * 7) % 11), i * 2))).toEqual(items.map((i) => i * 2));
  expect(await sideBySide([], () => Promise.resolve(1))).toEqual([]);
});

test('a failure is thrown when the others of its group have ended, and no later group begins', async () => {
  const reason = new Error('full');
  const events: string[] = [];
  const later = new Promise<void>((resolve) => setImmediate(resolve));
  const work = async (i: number): Promise<void> => {
    events.push(`begin ${String(i)}`);
    if (i === 1) throw reason;
    await later;
    events.push(`end ${String(i)}`);
  };
  await expect(
    sideBySide(
      Array.from({ length: 40 }, (_, i) => i),
      work,
    ),
  ).rejects.toBe(reason);
  const begun = events.filter((event) => event.startsWith('begin')).length;
  expect(begun).toBeLessThan(40);
  expect(events.filter((event) => event.startsWith('end'))).toHaveLength(begun - 1);
});
