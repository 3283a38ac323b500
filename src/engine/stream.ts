// Turns the callbacks of a call into values to be read in order.

/**
 * @param start begins the work; it receives the function that takes the values, and settles with the work
 * @throws what the work rejects with, once all earlier values are read
 */
export async function* streamOf<T>(start: (tell: (value: T) => void) => Promise<unknown>): AsyncGenerator<T, void> {
  const waiting: T[] = [];
  let wake: () => void = () => undefined;
  let isOver = false as boolean;
  let told = new Promise<void>((resolve) => (wake = resolve));
  const work = start((value) => {
    waiting.push(value);
    wake();
  }).finally(() => {
    isOver = true;
    wake();
  });
  work.catch(() => undefined); // it is thrown below
  for (;;) {
    while (waiting.length > 0) yield waiting.shift()!;
    if (isOver) break;
    await told;
    told = new Promise<void>((resolve) => (wake = resolve));
  }
  await work;
}
