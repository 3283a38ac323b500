// Waits that end by what the page does, never by a total time: machines differ by more than any total allows for.

import type { Page } from '@playwright/test';

/**
 * A page whose text has not changed for this long hangs. Longer work shows its progress, batch by batch and step by
 * step.
 */
const STALL_MS = 180_000;
/** Milliseconds of one try. */
const TRY_MS = 1000;

/**
 * Repeats an expectation for as long as the page's text changes.
 * @throws what the expectation throws, once the text has not changed for STALL_MS
 */
export async function whileMoving(
  page: Page,
  expectation: (options: { readonly timeout: number }) => Promise<void>,
): Promise<void> {
  let seen: string | null = null;
  let movedMs = performance.now();
  for (;;) {
    try {
      await expectation({ timeout: TRY_MS });
      return;
    } catch (error) {
      const now = await page.locator('body').textContent();
      if (now !== seen) [seen, movedMs] = [now, performance.now()];
      else if (performance.now() - movedMs > STALL_MS) throw error;
    }
  }
}
