import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { isEraError } from '../../errors.ts';
import { decodeHtml } from './decode-html.ts';
import { readFolder, urlOfPath, type FolderLeftOut, type FolderOptions, type FolderPage } from './read-folder.ts';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'era-folder-'));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

async function put(...paths: string[]): Promise<void> {
  for (const path of paths) {
    await mkdir(dirname(join(dir, path)), { recursive: true });
    await writeFile(join(dir, path), `<p>${path}`);
  }
}
async function all(folder: string, options?: FolderOptions): Promise<(FolderPage | FolderLeftOut)[]> {
  const files = [];
  for await (const file of readFolder(folder, options)) files.push(file);
  return files;
}
const read = async (options?: FolderOptions): Promise<string[]> =>
  (await all(dir, options)).map((file) =>
    'html' in file ? `${file.path} ${file.url}` : `${file.path}: ${file.reason}`,
  );

test('pages come in code unit order, each with its address', async () => {
  await put(
    'b.html',
    'index.html',
    'B.htm',
    'guide/index.html',
    'guide/a b#?.html',
    'guide/ü+@,=.html',
    'x:y.html',
    'notes.txt',
    'B-dir/z.html',
  );
  expect(await read()).toEqual([
    'B-dir/z.html B-dir/z.html',
    'B.htm B.htm',
    'b.html b.html',
    'guide/a b#?.html guide/a%20b%23%3F.html',
    'guide/index.html guide/',
    'guide/ü+@,=.html guide/%C3%BC+@,=.html',
    'index.html ./',
    'x:y.html x%3Ay.html',
  ]);
  expect(await read({ glob: 'guide/i*', keepIndexUrl: true })).toEqual(['guide/index.html guide/index.html']);
});

test('dot folders, modules, the output and links out of the folder are not pages', async () => {
  await put(
    'a.html',
    '.git/x.html',
    '.x.html',
    'node_modules/x.html',
    'sub/node_modules/x.html',
    'out (1)/[x]/x.html',
    'out/a.html',
  );
  await symlink(tmpdir(), join(dir, 'up'));
  await symlink('.', join(dir, 'loop'));
  await symlink('a.html', join(dir, 'link.html'));
  await mkdir(join(dir, 'folder.html'));
  expect(await read({ outputDirs: [join(dir, 'out (1)'), join(dir, '..', 'other'), dir] })).toEqual([
    'up: link-outside',
    'a.html a.html',
    'link.html link.html',
    'out/a.html out/a.html',
  ]);
});

test('pages are recognised in any case and form, and a glob is taken as it is', async () => {
  await put('GUIDE.HTML', 'a.Htm', 'b.xhtml', 'c.XHTML', 'd.html.gz', 'ehtml', 'f/index.xhtml');
  expect(await read()).toEqual([
    'GUIDE.HTML GUIDE.HTML',
    'a.Htm a.Htm',
    'b.xhtml b.xhtml',
    'c.XHTML c.XHTML',
    'f/index.xhtml f/',
  ]);
  expect(await read({ glob: '*.html' })).toEqual([]);
});

test('links are followed once, to files anywhere and to folders of the site', async () => {
  const store = await mkdtemp(join(tmpdir(), 'era-store-'));
  try {
    await put('v/1/a.html', '.store/b.html', 'deep/x.html');
    await writeFile(join(store, 'built.html'), '<p>built');
    await symlink(join(store, 'built.html'), join(dir, 'built.html'));
    await symlink('../.store', join(dir, 'v/kept'));
    await symlink('1', join(dir, 'v/latest'));
    await symlink('..', join(dir, 'v/up'));
    await symlink('../deep', join(dir, '.store/deep'));
    await symlink('../v', join(dir, 'deep/v'));
    await symlink('gone.html', join(dir, 'dead.html'));
    await symlink('self.html', join(dir, 'self.html'));
    await symlink(store, join(dir, 'deep/store'));
    expect(await read()).toEqual([
      'deep/store: link-outside',
      'built.html built.html',
      'deep/x.html deep/x.html',
      'v/1/a.html v/1/a.html',
      'v/kept/b.html v/kept/b.html',
    ]);
    const linked = await mkdtemp(join(tmpdir(), 'era-linked-'));
    await symlink(dir, join(linked, 'result'));
    expect((await all(join(linked, 'result'))).length).toBe(5);
    await rm(linked, { recursive: true });
  } finally {
    await rm(store, { recursive: true });
  }
});

test('files too large and files that cannot be read are named', async () => {
  await put('a.html', 'long-name.html');
  await put('locked.html');
  await chmod(join(dir, 'locked.html'), 0);
  const asRoot = process.getuid?.() === 0; // this user can read everything
  expect(await read({ maxBytes: 12 })).toEqual([
    'a.html a.html',
    'locked.html: too-large',
    'long-name.html: too-large',
  ]);
  expect((await read()).at(1)).toBe(asRoot ? 'locked.html locked.html' : 'locked.html: unreadable');
});

test('a file that has disappeared is named, and the others are read', async () => {
  // More than are read ahead.
  const names = Array.from({ length: 30 }, (_, i) => `${String(i).padStart(2, '0')}.html`);
  await put(...names);
  const files = readFolder(dir);
  await files.next();
  await rm(join(dir, '28.html'));
  const rest = [];
  for await (const file of files) rest.push(file);
  expect(rest.map(({ path }) => path)).toEqual(names.slice(1));
  expect(rest.filter((file) => 'reason' in file)).toEqual([{ path: '28.html', reason: 'unreadable' }]);
  expect(rest.at(-1)).toMatchObject({ html: '<p>29.html' });
});

test('a path that is not a folder is an error, and an abort ends the reading', async () => {
  await put('a.html');
  const isInvalid = (error: unknown): boolean => isEraError(error, 'invalid-input');
  await expect(all(join(dir, 'none'))).rejects.toSatisfy(isInvalid);
  await expect(all(join(dir, 'a.html'))).rejects.toSatisfy(isInvalid);
  const reason = new Error('enough');
  await expect(all(dir, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
});

test('the address of a path', () => {
  expect(['index.htm', 'a/index.html', 'a/myindex.html'].map((path) => urlOfPath(path))).toEqual([
    './',
    'a/',
    'a/myindex.html',
  ]);
});

const latin1 = (text: string): Uint8Array => Uint8Array.from(text, (letter) => letter.charCodeAt(0));
test.each([
  ['UTF-8', new TextEncoder().encode('ü€'), 'ü€'],
  ['a byte order mark', Uint8Array.of(0xef, 0xbb, 0xbf, 0x61), 'a'],
  ['UTF-16, little end first', Uint8Array.of(0xff, 0xfe, 0x61, 0, 0xfc, 0), 'aü'],
  ['UTF-16, big end first', Uint8Array.of(0xfe, 0xff, 0, 0x61, 0, 0xfc), 'aü'],
  ['nothing said, and not UTF-8', latin1('\u0080 ü'), '€ ü'],
  ['ISO-8859-1 said', latin1('<meta charset=iso-8859-1>ü'), '<meta charset=iso-8859-1>ü'],
  [
    'ISO-8859-2 said in full',
    latin1('<META HTTP-EQUIV="x" content="text/html; charset=ISO-8859-2">±'),
    '<META HTTP-EQUIV="x" content="text/html; charset=ISO-8859-2">ą',
  ],
  ...[
    '<!-- meta charset=utf-16 --><title><meta charset=koi8-r></title>',
    '<script>"<meta charset=koi8-r>"</script>',
  ].map((before): [string, Uint8Array, string] => {
    const head = `<head>${before}${`<link href=${'x'.repeat(90)}>`.repeat(20)}<meta charset=windows-1251></head>`;
    return ['windows-1251 said late', latin1(`${head}\u00ff`), `${head}я`];
  }),
  [
    'said after the head',
    latin1(`${' '.repeat(2000)}<body><meta charset=koi8-r>ü`),
    `${' '.repeat(2000)}<body><meta charset=koi8-r>ü`,
  ],
  ['windows-1251 said', latin1('<meta charset="windows-1251">\u00ff'), '<meta charset="windows-1251">я'],
  [
    'said in the XML declaration',
    latin1('<?xml version="1.0" encoding="iso-8859-1"?>ü'),
    '<?xml version="1.0" encoding="iso-8859-1"?>ü',
  ],
  ['UTF-8 said, with one broken byte', latin1('<meta charset=utf-8>\u00ffx'), '<meta charset=utf-8>\uFFFDx'],
  ['UTF-16 said, which cannot be', new TextEncoder().encode('<meta charset=utf-16>ü'), '<meta charset=utf-16>ü'],
  ['something unknown said', new TextEncoder().encode('<meta charset=klingon>ü'), '<meta charset=klingon>ü'],
])('decodes: %s', (_, bytes, text) => {
  expect(decodeHtml(bytes)).toBe(text);
});

test('XHTML is written as HTML, by its type', () => {
  const xml = '<script src="x"/><a id="b"/><br/><p title=\'a>b\' />a &lt; b<![CDATA[ <i> & ]]><i/>';
  expect(decodeHtml(latin1(xml), 'application/xhtml+xml; charset=utf-8')).toBe(
    '<script src="x"></script><a id="b"></a><br/><p title=\'a>b\'></p>a &lt; b &lt;i> &amp; <i></i>',
  );
  expect(decodeHtml(latin1(xml), 'text/html')).toBe(xml);
});
