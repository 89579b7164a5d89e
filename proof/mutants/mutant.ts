import type { SimulatedConnector } from '../simulation/conditions.ts';

/** A text that is in a file once, and what stands there instead. */
export interface Change {
  /** From the root of the repository. */
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

/** A small change of the code that must not go unnoticed. */
export interface Mutant extends Change {
  readonly name: string;
  /** Where what it changes is used on that alone. */
  readonly connector?: SimulatedConnector;
  /** Where another rule would make up for the one that is taken away. */
  readonly also?: Change;
}

/** All that is changed. */
export function changesOf({ file, from, to, also }: Mutant): readonly Change[] {
  return [{ file, from, to }, ...(also ? [also] : [])];
}
