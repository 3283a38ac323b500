// Labels of the fixture site, for specs and flows of its owner.

/** Visitors of this site ask in English and want the German pages, which only labels can show. */
export const WANTED: readonly (readonly [query: string, id: string])[] = [
  ['what does this program do', 'de/'],
  ['how does it work inside', 'de/#ideen'],
  ['files are cut into chunks', 'de/#ideen'],
  ['why do people lose data although they had a backup', 'de/#datensicherung'],
  ['nobody noticed that it stopped working', 'de/#datensicherung'],
  ['is anything überschrieben when files come back', 'de/wiederherstellen.html'],
  ['versions of one file', 'de/wiederherstellen.html#einzelne-datei'],
  ['something deleted by mistake', 'de/wiederherstellen.html#geloescht'],
  ['forgot my password', 'de/wiederherstellen.html#passwort'],
  ['set the hour and switch it on', 'de/zeitplan.html#systemd'],
  ['enable the timer', 'de/zeitplan.html#systemd'],
  ['laptop on battery', 'de/zeitplan.html#akku'],
];
