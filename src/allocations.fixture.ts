// Counts the memory that code asks for, so that a test can say what a refusal costs on every machine: bytes of typed
// arrays, and of lists, maps and texts by a nominal size. It counts what is asked for, not what is in use at a time.

const MIB: number = 2 ** 20;
/** Nominal bytes of an object or a list, of an entry of a map, and of a member of either. */
const OBJECT_BYTES = 32;
const MEMBER_BYTES = 8;

/** What a refusal may ask for, besides a multiple of its input. */
export const REFUSAL_BYTES: number = 32 * MIB;

type Constructor = new (...args: readonly unknown[]) => object;
type Method = (this: unknown, ...args: unknown[]) => unknown;

const TYPED = [
  'Int8Array',
  'Uint8Array',
  'Int16Array',
  'Uint16Array',
  'Int32Array',
  'Uint32Array',
  'Float32Array',
  'Float64Array',
] as const;

/** Counts until `stop` is called; one at a time. */
export function countAllocations(): { readonly bytes: () => number; readonly stop: () => void } {
  let bytes = 0;
  const undo: (() => void)[] = [];
  const replace = (owner: object, name: string, value: unknown): void => {
    const before = Object.getOwnPropertyDescriptor(owner, name)!;
    Object.defineProperty(owner, name, { ...before, value });
    undo.push(() => Object.defineProperty(owner, name, before));
  };
  const count = (owner: object, name: string, size: (result: unknown, args: readonly unknown[]) => number): void => {
    const method = (owner as Record<string, Method>)[name]!;
    replace(owner, name, function (this: unknown, ...args: unknown[]): unknown {
      const result = method.apply(this, args);
      bytes += size(result, args);
      return result;
    });
  };
  const construct = (name: string, size: (made: object, first: unknown) => number): void => {
    const original = (globalThis as unknown as Record<string, Constructor>)[name]!;
    const counted = new Proxy(original, {
      construct: (target, args: readonly unknown[], newTarget: Constructor) => {
        // A size that cannot be had is counted too.
        if (typeof args[0] === 'number' && args[0] > 2 ** 31) bytes += args[0];
        const made: object = Reflect.construct(target, args, newTarget === counted ? target : newTarget);
        bytes += size(made, args[0]);
        return made;
      },
    });
    replace(globalThis, name, counted);
  };
  const sizeOfBuffer = (made: unknown): number => (made as ArrayBuffer).byteLength;
  const sizeOfList = (made: unknown): number => OBJECT_BYTES + MEMBER_BYTES * (made as readonly unknown[]).length;

  const typedPrototype = Object.getPrototypeOf(Uint8Array.prototype) as object;
  count(typedPrototype, 'slice', sizeOfBuffer);
  count(ArrayBuffer.prototype, 'slice', sizeOfBuffer);
  count(Array, 'from', sizeOfList);
  for (const name of ['map', 'slice', 'flat', 'flatMap', 'filter']) count(Array.prototype, name, sizeOfList);
  count(Map.prototype, 'set', () => OBJECT_BYTES);
  count(Set.prototype, 'add', () => OBJECT_BYTES);
  count(JSON, 'parse', sizeOfJson);
  count(JSON, 'stringify', (text) => String(text).length);
  count(TextDecoder.prototype, 'decode', (text) => (text as string).length);
  count(TextEncoder.prototype, 'encode', sizeOfBuffer);
  construct('ArrayBuffer', sizeOfBuffer);
  for (const name of TYPED)
    construct(name, (made, first) => (first instanceof ArrayBuffer ? 0 : (made as Uint8Array).byteLength));
  return {
    bytes: () => bytes,
    stop: () => {
      for (const step of undo.reverse()) step();
      undo.length = 0;
    },
  };
}

/** Bytes that a call asks for, and what it throws; null where it throws nothing. */
export function allocatedBy(run: () => unknown): { readonly bytes: number; readonly error: unknown } {
  const counter = countAllocations();
  let error: unknown = null;
  try {
    run();
  } catch (thrown) {
    error = thrown;
  } finally {
    counter.stop();
  }
  return { bytes: counter.bytes(), error };
}

/** As `allocatedBy`, of a call that takes time. */
export async function allocatedWhile(
  run: () => Promise<unknown>,
): Promise<{ readonly bytes: number; readonly error: unknown }> {
  const counter = countAllocations();
  let error: unknown = null;
  try {
    await run();
  } catch (thrown) {
    error = thrown;
  } finally {
    counter.stop();
  }
  return { bytes: counter.bytes(), error };
}

/** Nominal size of what JSON.parse returned. */
function sizeOfJson(value: unknown): number {
  const left: unknown[] = [value];
  let bytes = 0;
  while (left.length > 0) {
    const next = left.pop();
    if (typeof next === 'string') bytes += next.length;
    else if (typeof next === 'object' && next !== null) {
      bytes += OBJECT_BYTES;
      for (const key of Object.keys(next)) {
        bytes += MEMBER_BYTES;
        left.push((next as Record<string, unknown>)[key]);
      }
    }
  }
  return bytes;
}
