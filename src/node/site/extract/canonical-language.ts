// What an attribute says of a language, as BCP 47 has it.

/** In lower case; empty for what is no language. */
export function canonicalLanguage(said: string): string {
  try {
    return Intl.getCanonicalLocales(said.trim().replaceAll('_', '-'))[0]?.toLowerCase() ?? '';
  } catch {
    return '';
  }
}
