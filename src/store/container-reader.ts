// Unpacks a container while it is read, without a copy of the whole. Pages do without it: only the search worker reads
// large ones.

import { LENGTH_BYTES, parseHeader } from './container.ts';

/** Unpacks a container of which pieces arrive one after another, in their order. */
export class ContainerReader {
  readonly #steps: Generator<number, string | null, Uint8Array<ArrayBuffer>>;
  /** Bytes that the next step needs; none after the last. */
  #wanted: number | null = null;
  /** The first of them, where they are in several pieces. */
  #begun: Uint8Array<ArrayBuffer> | null = null;
  #begunBytes = 0;
  readonly #spare: { bytes: Uint8Array<ArrayBuffer> } | null;
  #facts: string | null = null;

  /**
   * @param bytes of all pieces together
   * @param onFile called with every file, whose bytes are a view where they are in one piece
   * @param areKept whether their bytes are used after the call; else one memory is used again for all @default true
   */
  constructor(bytes: number, onFile: (name: string, bytes: Uint8Array<ArrayBuffer>) => void, areKept = true) {
    this.#spare = areKept ? null : { bytes: new Uint8Array() };
    this.#steps = steps(bytes, onFile);
    this.#note(this.#steps.next());
  }

  /** Of the writer, once all pieces are here; null before, and for bytes that `packContainer` has not made. */
  get facts(): string | null {
    return this.#facts;
  }

  push(piece: Uint8Array<ArrayBuffer>): void {
    let at = 0;
    while (this.#wanted !== null) {
      const missing = this.#wanted - this.#begunBytes;
      if (missing > 0 && at === piece.length) return;
      const some = piece.subarray(at, at + missing);
      at += some.length;
      if (some.length === missing && !this.#begun) {
        this.#note(this.#steps.next(some));
        continue;
      }
      this.#begun ??= this.#room(this.#wanted);
      this.#begun.set(some, this.#begunBytes);
      this.#begunBytes += some.length;
      if (some.length < missing) continue;
      const whole = this.#begun;
      this.#begun = null;
      this.#begunBytes = 0;
      this.#note(this.#steps.next(whole));
    }
  }

  #room(length: number): Uint8Array<ArrayBuffer> {
    if (!this.#spare) return new Uint8Array(length);
    if (this.#spare.bytes.length < length) this.#spare.bytes = new Uint8Array(length);
    return this.#spare.bytes.subarray(0, length);
  }

  #note({ done, value }: IteratorResult<number, string | null>): void {
    this.#wanted = done ? null : value;
    if (done) this.#facts = value;
  }
}

/** Asks for the bytes of the container's parts in turn. */
function* steps(
  bytes: number,
  onFile: (name: string, bytes: Uint8Array<ArrayBuffer>) => void,
): Generator<number, string | null, Uint8Array<ArrayBuffer>> {
  if (bytes < LENGTH_BYTES) return null;
  const length = yield LENGTH_BYTES;
  const headerBytes = new DataView(length.buffer, length.byteOffset).getUint32(0, true);
  if (headerBytes > bytes - LENGTH_BYTES) return null;
  const header = parseHeader(new TextDecoder().decode(yield headerBytes));
  const filesBytes = bytes - LENGTH_BYTES - headerBytes;
  if (header?.files.reduce((sum, [, size]) => sum + size, 0) !== filesBytes) return null;
  for (const [name, size] of header.files) onFile(name, yield size);
  return header.facts;
}
