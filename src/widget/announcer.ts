// Announces texts to screen readers through two live regions in turn, so that a repeated text is a change each time.

/** Milliseconds before a text changes: VoiceOver ignores a region that changes while it still speaks the key. */
const DELAY_MS = 100;

export class Announcer {
  /** The texts of the two regions. */
  readonly regions: [string, string] = ['', ''];
  readonly #changed: () => void;
  #turn = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(changed: () => void) {
    this.#changed = changed;
  }

  /** Drops a text that is waiting, and announces this one. */
  say(text: string): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#turn = 1 - this.#turn;
      this.regions[this.#turn] = text;
      this.regions[1 - this.#turn] = '';
      this.#changed();
    }, DELAY_MS);
  }

  hush(): void {
    clearTimeout(this.#timer);
    this.regions.fill('');
  }
}
