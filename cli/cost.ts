/** `npm run cost -- --env prod --clicks-per-second 1000`: what an environment costs a month. */

import { SettingsError } from '../lib/resolve-settings.ts';
import { costCommand } from './cost/command.ts';

try {
  console.log(costCommand(process.argv.slice(2)));
} catch (error) {
  if (!(error instanceof SettingsError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
