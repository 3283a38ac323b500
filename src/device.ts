// What a device is to every room that computes: the encoder, the scanner, the trainer.

/** A device that was tried and not used. */
export interface Refusal {
  readonly device: string;
  readonly reason: string;
}
