// Device types shared by the rooms that compute: encoder, scanner, trainer.

/** A device that was tried and not used, with the reason. */
export interface Refusal {
  readonly device: string;
  readonly reason: string;
}
