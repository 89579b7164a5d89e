import type { Settings } from './settings.ts';

/** What must hold between settings of one environment. */
export interface Constraint {
  readonly holds: (settings: Settings) => boolean;
  /** Starts with the name of the setting to change. */
  readonly message: (settings: Settings) => string;
}
