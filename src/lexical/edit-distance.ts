// The edit distance of two words: insertions, deletions, replacements and swaps of adjacent letters (optimal string
// alignment distance).

/**
 * The distance, or `most + 1` where it is more than `most`.
 * @param beginning b may continue: the distance from `a` to the nearest prefix of `b`
 */
export function editDistance(a: string, b: string, most: number, beginning = false): number {
  const length = beginning ? Math.min(b.length, a.length + most) : b.length;
  if (Math.abs(a.length - length) > most) return most + 1;
  let before: number[] = [];
  let previous = Array.from({ length: length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    let least = i;
    for (let j = 1; j <= length; j++) {
      const same = a[i - 1] === b[j - 1];
      let distance = Math.min(previous[j]! + 1, current[j - 1]! + 1, previous[j - 1]! + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        distance = Math.min(distance, before[j - 2]! + 1);
      current.push(distance);
      least = Math.min(least, distance);
    }
    // The minimum of a row never falls, swaps included, and is at most one above that of the row before it.
    if (least > most) return most + 1;
    before = previous;
    previous = current;
  }
  return Math.min(beginning ? Math.min(...previous) : previous[length]!, most + 1);
}
