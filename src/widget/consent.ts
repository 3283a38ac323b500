// Whether the visitor has allowed the download of the language model: asked once for an origin, and stored where the
// browser allows it.

const KEY = 'era-search:model';
let allowedHere = false;

export function isModelAllowed(): boolean {
  try {
    return allowedHere || localStorage.getItem(KEY) === 'allowed';
  } catch {
    return allowedHere;
  }
}

export function allowModel(): void {
  allowedHere = true;
  try {
    localStorage.setItem(KEY, 'allowed');
  } catch {
    // The consent then lasts for this visit.
  }
}
