// The Node version that all scripts need. It is imported before anything else, so it must itself run on old versions:
// no imports, no newer syntax.

export const MINIMUM_NODE = '20.19.0';

/**
 * @param {string} version such as `20.19.0` or `v22.1.0`
 * @returns {string | null} a message for the reader; null when the version is new enough
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
