// Holds back a page's animation frames, and with them every render, as a busy machine does. Playwright's own frames
// continue.

import type { Page } from '@playwright/test';

interface HeldFrames {
  /** Null while frames run as usual. */
  held: FrameRequestCallback[] | null;
}

export class Frames {
  readonly #page: Page;

  private constructor(page: Page) {
    this.#page = page;
  }

  /** Call before the first navigation. */
  static async of(page: Page): Promise<Frames> {
    await page.addInitScript(() => {
      const frames = Object.assign(globalThis, { held: null } as HeldFrames);
      const request = requestAnimationFrame.bind(globalThis);
      globalThis.requestAnimationFrame = (callback) => frames.held?.push(callback) ?? request(callback);
    });
    return new Frames(page);
  }

  async hold(): Promise<void> {
    await this.#page.evaluate(() => {
      (globalThis as unknown as HeldFrames).held = [];
    });
  }

  /** Runs the held frames. */
  async release(): Promise<void> {
    await this.#page.evaluate(() => {
      const frames = globalThis as unknown as HeldFrames;
      const callbacks = frames.held ?? [];
      frames.held = null;
      for (const callback of callbacks) callback(performance.now());
    });
  }
}
