import { existsSync, readFileSync } from 'node:fs';

const status = '/proc/self/status';

/**
 * The most memory that this program had. `maxRSS` begins with what the process had that started it, as Linux keeps it from fork
 * over exec: it is taken where there is nothing better.
 */
export function peakMemoryBytes(): number {
  const text = existsSync(status) ? readFileSync(status, 'utf8') : '';
  const [, kb] = /^VmHWM:\s+(\d+) kB$/m.exec(text) ?? [];
  // Both count in units of 1,024 bytes.
  return 1_024 * Number(kb ?? process.resourceUsage().maxRSS);
}
