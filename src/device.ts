// Device types shared by the rooms that compute: encoder, scanner, trainer.

/** A device that was tried and not used, with the reason. */
export interface Refusal {
  /** Name of the device, such as `webgpu`. */
  readonly device: string;
  /** Why it was not used, for people. */
  readonly reason: string;
}
