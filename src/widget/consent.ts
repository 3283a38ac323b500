// Whether the visitor allowed the language model to be downloaded: asked once for an origin, kept where the browser
// lets us.

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
    // It holds for this visit.
  }
}
