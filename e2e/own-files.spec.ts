// A visitor's own files, and the errors of files that cannot be used.

import { expect, test } from '@playwright/test';
import { Playground, watch } from './support/playground.ts';

const jsonl = (rows: readonly unknown[]): Buffer =>
  Buffer.from(rows.map((row) => (typeof row === 'string' ? row : JSON.stringify(row))).join('\n'));
const file = (name: string, rows: readonly unknown[]): { name: string; mimeType: string; buffer: Buffer } => ({
  name,
  mimeType: 'application/x-ndjson',
  buffer: jsonl(rows),
});

const passages = [
  { id: 'bread', text: 'Knead the dough, let it rise for two hours, then bake the loaf.' },
  { id: 'tyre', text: 'Lift the bicycle, take off the wheel and patch the inner tube.' },
  { id: 'garden', text: 'Sow tomatoes indoors in March and plant them out after the last frost.', title: 'Vegetables' },
  { id: 'markup', text: '<img src=x onerror="globalThis.hacked = true"><b>bold</b>' },
];

test.beforeEach(async ({ page }) => {
  await page.goto('/?store=memory');
  await page.getByRole('radio', { name: /Your own/ }).check();
});

async function build(playground: Playground, rows: readonly unknown[]): Promise<void> {
  await playground.page.getByLabel('Passages', { exact: true }).setInputFiles(file('docs.jsonl', rows));
  await playground.page.getByRole('button', { name: 'Build the index' }).click();
}

test('own passages can be searched, and their markup is shown as text', async ({ page }) => {
  const seen = await watch(page);
  const playground = new Playground(page);
  await build(playground, passages);
  await playground.expectIndex('built', '4');
  await playground.ask('how do I fix a flat bike tire?');
  expect((await playground.hits('none'))[0]).toBe('tyre');
  await expect(playground.ranking('none')).toContainText('<b>bold</b>');
  expect(await page.evaluate(() => 'hacked' in globalThis)).toBe(false);
  expect(seen.complaints).toEqual([]);
});

const broken: readonly { name: string; rows: readonly unknown[]; code: string; says: RegExp }[] = [
  { name: 'a line that is not JSON', rows: [passages[0], '{"id": "x", '], code: 'malformed-jsonl', says: /line 2/i },
  { name: 'two passages with one id', rows: [passages[0], passages[0]], code: 'duplicate-id', says: /bread/ },
  { name: 'a file without passages', rows: [''], code: 'empty-corpus', says: /no passages/i },
];

for (const { name, rows, code, says } of broken) {
  test(`${name} is told and loses nothing`, async ({ page }) => {
    const playground = new Playground(page);
    await build(playground, passages);
    await playground.expectIndex('built', '4');
    await build(playground, rows);
    const alert = page.getByRole('alert');
    await expect(alert).toContainText(says);
    await expect(alert).toContainText(code);
    // The previous index still answers.
    await playground.ask('planting vegetables');
    expect((await playground.hits('none'))[0]).toBe('garden');
  });
}
