// Text from outside (names of files, titles, addresses, messages of servers) reaches a terminal through the commands.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { printable, printableIo, printableLine } from './command-io.ts';
import { runCli } from './run-cli.ts';
import { folderForTest } from './setup/folder-for-test.ts';
import { send, startSite, urlset } from './site/crawl/site-for-test.ts';
import { html } from './site/site-for-test.ts';

const ALL_CONTROLS = [
  ...Array.from({ length: 32 }, (_, code) => code),
  ...Array.from({ length: 33 }, (_, i) => 0x7f + i),
  ...[0x061c, 0x200e, 0x200f, 0x2028, 0x2029, 0x202a, 0x202b, 0x202c, 0x202d, 0x202e, 0x2066, 0x2067, 0x2068, 0x2069],
].map((code) => String.fromCharCode(code));
/** Clears the screen, sets the title by C1, and shows the rest from right to left. */
const HOSTILE = '\u001B[2J\u009D0;title\u0007\u202Egpj\u007F';
const SHOWN = String.raw`\u001b[2J\u009d0;title\u0007\u202egpj\u007f`;

/** Everything that a run printed, and whether a terminal would obey any of it. */
async function run(args: readonly string[], cwd: string): Promise<{ code: number; text: string; obeyed: string[] }> {
  let text = '';
  const add = (line: string): void => void (text += `${line}\n`);
  const write = (drawn: string): boolean => {
    add(drawn.replace('\r\u001B[2K', ''));
    return true;
  };
  const terminal = { columns: 80, write };
  const code = await runCli(args, { print: add, note: add, terminal, env: {}, cwd });
  const obeyed = ALL_CONTROLS.filter((control) => control !== '\n' && control !== '\t' && text.includes(control));
  return { code, text, obeyed };
}

describe('what is printed', () => {
  test('has every control character as JSON writes it', () => {
    for (const control of ALL_CONTROLS) {
      const code = `\\u${control.charCodeAt(0).toString(16).padStart(4, '0')}`;
      expect(printableLine(`a${control}b`)).toBe(`a${code}b`);
      expect(printable(control)).toBe(control === '\n' || control === '\t' ? control : code);
    }
  });

  test('is otherwise the text itself, and JSON stays the same value', () => {
    const text = fc.string({ unit: fc.oneof(fc.constantFrom(...ALL_CONTROLS), fc.string({ unit: 'grapheme' })) });
    fc.assert(
      fc.property(text, (value) => {
        const lines: string[] = [];
        const io = printableIo({ print: (line) => lines.push(line), note: (line) => lines.push(line) });
        io.print(JSON.stringify({ value }));
        io.note(value);
        expect(JSON.parse(lines[0]!)).toEqual({ value });
        expect(ALL_CONTROLS.filter((each) => each !== '\n' && each !== '\t' && lines[1]!.includes(each))).toEqual([]);
        const unescaped = lines[1]!.replaceAll(/\\u([0-9a-f]{4})/g, (_, hex: string) =>
          String.fromCharCode(parseInt(hex, 16)),
        );
        if (!/\\u[0-9a-f]{4}/.test(value)) expect(unescaped).toBe(value);
      }),
    );
  });

  test('letters, emoji and scripts that are written from right to left stay', () => {
    const text = 'Grüße 👩‍🚀 שלום مرحبا 漢字 ก็ \t|';
    expect(printable(text)).toBe(text);
  });
});

describe('the command', () => {
  test.each(['summary', '--verbose', '--json'])('escapes names of files and titles: %s', async (flag) => {
    const cwd = folderForTest();
    mkdirSync(join(cwd, 'public', HOSTILE), { recursive: true });
    const noindex = '<meta name="robots" content="noindex"><p>Not yet';
    writeFileSync(join(cwd, 'public', `${HOSTILE}.html`), noindex);
    writeFileSync(join(cwd, 'public', HOSTILE, 'a\nWrote elsewhere.html'), noindex);
    // a page with control characters of C0 in its head counts as no HTML
    const menu = '<div>Menu \u009D0;title\u202E of all pages of this site</div>';
    for (let i = 0; i < 6; i++)
      writeFileSync(join(cwd, 'public', `${i}.html`), html(`Page ${i} \u009D\u202E`, `Text ${i} of it.${menu}`));
    const flags = flag === 'summary' ? [] : [flag];
    const args = ['index', '--site', 'public', '--no-vectors', '--no-element', '--output-path', `public/${HOSTILE}out`];
    const { code, text, obeyed } = await run([...args, ...flags], cwd);
    expect([code, obeyed], text).toEqual([0, []]);
    expect(text).toContain(SHOWN);
    expect(text).not.toMatch(/^Wrote elsewhere/m);
  });

  test('escapes what is wrong with an option, a file and a command', async () => {
    const cwd = folderForTest();
    writeFileSync(join(cwd, `${HOSTILE}.jsonl`), `{"text": "${HOSTILE}"}\nno JSON ${HOSTILE}`);
    for (const args of [
      [HOSTILE],
      ['index', `${HOSTILE}.jsonl`, '--out', 'out', '--no-vectors'],
      ['index', `${HOSTILE}.jsonl`, '--out', 'out', '--no-vectors', '--verbose'],
      ['index', 'absent', '--out', HOSTILE],
      ['index', '--url', `http://${HOSTILE}/`, '--out', 'out', '--no-vectors'],
      ['index', '.', '--max-pages', HOSTILE],
      ['index', `--${HOSTILE}`],
      ['serve', '--port', HOSTILE],
      ['serve', HOSTILE],
    ]) {
      const { code, obeyed } = await run(args, cwd);
      expect([args, code === 0, obeyed]).toEqual([args, false, []]);
    }
  });

  test('escapes addresses and header values of a server', async () => {
    const site = await startSite({ '/a': html('A', 'Text of it.') });
    const type = send('x', { 'content-type': 'text/\u009Bplain' });
    site.answers.set('/b', type);
    const addresses = ['/a', '/b', '/\u202Ec', '/d\u009B2J'].map((path) => site.url + path);
    site.answers.set('/sitemap.xml', send(urlset(...addresses, 'http://[\u202E]/'), { 'content-type': 'text/xml' }));
    const args = ['index', '--sitemap', `${site.url}/sitemap.xml`, '--allow-private-host', site.host, '--out', 'out'];
    const { code, obeyed, text } = await run([...args, '--no-vectors', '--no-element', '--verbose'], folderForTest());
    expect([code, obeyed]).toEqual([0, []]);
    expect(text).toContain(String.raw`http://[\u202e]/`);
  });
});
