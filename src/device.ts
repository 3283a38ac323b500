// What a device is to every room that computes: the encoder, the scanner, the trainer.

/** A device that was tried and not used. */
export interface Refusal {
  /** Name of the device, such as `webgpu`. */
  readonly device: string;
  /** Why it was not used, for people. */
  readonly reason: string;
}
