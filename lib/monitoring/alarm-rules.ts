import type { AlarmRule } from './alarm-rule.ts';
import { drawRules } from './draw-rules.ts';
import { eventRules, stateRules } from './event-rules.ts';
import { functionRules } from './function-rules.ts';
import { storageRules } from './storage-rules.ts';
import type { Watched } from './watched.ts';

/** Every alarm of an environment. */
export function alarmRules(watched: Watched): AlarmRule[] {
  return [
    ...watched.functions.flatMap((one) => functionRules(one, watched.settings)),
    ...drawRules(watched),
    ...eventRules(watched),
    ...stateRules(watched),
    ...storageRules(watched),
  ];
}
