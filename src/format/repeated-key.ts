// Finds duplicate keys in JSON. JSON.parse silently keeps the last of two equal keys, which could hide a second value.

/**
 * The first key that an object of the text, at any depth, has twice; null for none.
 * @param json text that JSON.parse accepts
 */
export function findRepeatedKey(json: string): string | null {
  const open: Set<string>[] = [];
  for (let i = 0; i < json.length; i++) {
    const char = json[i];
    if (char === '{') open.push(new Set());
    else if (char === '}') open.pop();
    else if (char === '"') {
      const end = endOfString(json, i);
      if (isColon(json, end)) {
        const key = JSON.parse(json.slice(i, end)) as string;
        const keys = open.at(-1);
        if (keys?.has(key)) return key;
        keys?.add(key);
      }
      i = end - 1;
    }
  }
  return null;
}

/** The index after the closing quote of the string that begins at `start`. */
function endOfString(json: string, start: number): number {
  let i = start + 1;
  while (json[i] !== '"') i += json[i] === '\\' ? 2 : 1;
  return i + 1;
}

/** Whether the next character after white space is a colon. */
function isColon(json: string, start: number): boolean {
  let i = start;
  while (/\s/.test(json.charAt(i))) i++;
  return json[i] === ':';
}
