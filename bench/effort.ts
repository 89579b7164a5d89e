/** How much of everything is done: all of it for a figure, or each thing once, so that a test sees it run. */
export interface Effort {
  /** @param full for a figure @param once for a test, default 1 */
  of(full: number, once?: number): number;
}

export const fullEffort: Effort = { of: (full) => full };

export const onceEachEffort: Effort = { of: (_full, once = 1) => once };
