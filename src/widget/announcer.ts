// Says things to screen readers through two live regions in turn: a text that is said twice is a change each time.

/** VoiceOver passes over a region that changes while it still speaks the key. */
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

  /** What was to be said and was not yet is dropped. */
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
