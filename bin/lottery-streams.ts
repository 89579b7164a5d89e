/** What `cdk` runs: see `app` in cdk.json. */

import { buildApp } from '../lib/app.ts';
import { SettingsError } from '../lib/resolve-settings.ts';

try {
  buildApp().synth();
} catch (error) {
  if (!(error instanceof SettingsError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
