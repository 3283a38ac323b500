// The Node version that everything needs. Imported before anything else, so it must itself run on old versions:
// no imports, no syntax of later years.

export const MINIMUM_NODE = '20.19.0';

/**
 * @param {string} version such as `20.19.0` or `v22.1.0`
 * @returns {string | null} what to tell the reader; null when the version will do
 */
export function nodeVersionProblem(version) {
  const have = numbers(version);
  const need = numbers(MINIMUM_NODE);
  for (let i = 0; i < need.length; i++) {
    const difference = (have[i] || 0) - (need[i] || 0);
    if (difference > 0) return null;
    if (difference < 0) {
      return (
        'era-search needs Node ' +
        MINIMUM_NODE +
        ' or later; this is Node ' +
        version +
        '. Install a newer one from https://nodejs.org and try again.'
      );
    }
  }
  return null;
}

/** @param {string} version */
function numbers(version) {
  return version.replace(/^v/, '').split(/[.+-]/).slice(0, 3).map(Number);
}

/** Ends the process with a message when this Node is too old. */
export function requireNode() {
  const problem = nodeVersionProblem(process.versions.node);
  if (problem === null) return;
  console.error(problem);
  process.exit(1);
}
