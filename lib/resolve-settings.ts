/** Settings given on the command line (`cdk ... -c dev:shards=2`), checked like those in the code. */

import { foreignTopics } from './kafka-topics.ts';
import { violatedConstraint } from './setting-constraints.ts';
import { isSettingName, type SettingName, type Settings, settingFields } from './settings.ts';

/** A setting that cannot be used; the message is one line, made for the person at the command line. */
export class SettingsError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'SettingsError';
  }
}

/**
 * `<environment>:<setting>`: whatever has one colon and is none of CDK's own keys, which begin with `aws:` or have
 * a slash, an at or an equals sign in them. A key that is mistyped must not pass for one of CDK's.
 */
const overrideKey = /^(?!aws:)([^:/@=]*):([^:/@=]*)$/;

/**
 * The settings of each environment with the overrides of `context` applied.
 * @throws SettingsError for an unknown environment or setting, a value outside its limits, two
 *   values that do not go together, or two environments with the same topics.
 */
export function resolveEnvironments(
  environments: Readonly<Record<string, Settings>>,
  context: Readonly<Record<string, unknown>>,
): ReadonlyMap<string, Settings> {
  const overrides = readOverrides(Object.keys(environments), context);
  const all = new Map(
    Object.entries(environments).map(([name, settings]) => [
      name,
      checkSettings(name, { ...settings, ...overrides.get(name) }),
    ]),
  );
  for (const name of all.keys()) {
    const foreign = foreignTopics(name, all);
    if (foreign !== undefined) throw new SettingsError(`${name}:${foreign}`);
  }
  return all;
}

function readOverrides(environments: readonly string[], context: Readonly<Record<string, unknown>>) {
  const overrides = new Map<string, Record<string, unknown>>();
  for (const [key, value] of Object.entries(context)) {
    if (isSettingName(key)) {
      throw new SettingsError(`${key}: say of which environment, as in ${environments[0]}:${key}`);
    }
    const [, environment, setting] = overrideKey.exec(key) ?? [];
    if (environment === undefined || setting === undefined) continue;
    if (!environments.includes(environment)) {
      throw new SettingsError(
        `${key}: there is no environment '${environment}', only ${environments.join(', ')}`,
      );
    }
    if (!isSettingName(setting)) {
      const names = Object.keys(settingFields).join(', ');
      throw new SettingsError(`${key}: there is no setting '${setting}', only ${names}`);
    }
    overrides.set(environment, { ...overrides.get(environment), [setting]: value });
  }
  return overrides;
}

/** Every field within its limits, as its own type. */
function checkSettings(environment: string, raw: Readonly<Record<SettingName, unknown>>): Settings {
  const checked = Object.entries(settingFields).map(([name, field]) => {
    const given = isSettingName(name) ? raw[name] : undefined;
    const value = field.parse(given);
    if (value === undefined) {
      throw new SettingsError(`${environment}:${name} must be ${field.expects}, not '${String(given)}'`);
    }
    return [name, value] as const;
  });
  // Each name of the table is there, with the value that the name's own parser gave.
  const settings = Object.fromEntries(checked) as Settings;
  const violated = violatedConstraint(settings);
  if (violated !== undefined) throw new SettingsError(`${environment}:${violated}`);
  return settings;
}
