import { InvalidArgumentError, Option } from 'commander';
import { isBrokers, kafkaContext, kafkaProblem } from '../client/own-kafka.ts';
import { environments } from '../lib/environments.ts';
import { resolveEnvironments, SettingsError } from '../lib/resolve-settings.ts';
import type { Settings } from '../lib/settings.ts';

/** `-c key=value`; repeatable. */
export function contextOption(): Option {
  return new Option(
    '-c, --context <key=value>',
    'a setting for this run, e.g. dev:windowSeconds=5; repeatable',
  )
    .argParser(setting)
    .default({}, 'none');
}

function setting(text: string, previous: Readonly<Record<string, string>>): Record<string, string> {
  const equals = text.indexOf('=');
  if (equals < 1) throw new InvalidArgumentError('As key=value, e.g. dev:windowSeconds=5.');
  return { ...previous, [text.slice(0, equals)]: text.slice(equals + 1) };
}

/** `--kafka`: the brokers of an environment whose connector is Kafka. */
export function kafkaOption(): Option {
  return new Option(
    '--kafka <embedded|host:port>',
    'with the connector kafka: start Apache Kafka on this machine (Java 17 and Maven), or use brokers that are there',
  ).argParser((text: string) => {
    if (!isBrokers(text)) throw new InvalidArgumentError('embedded, or host:port of a broker.');
    return text;
  });
}

/** `--option <number>`, for commander. */
export function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const number = Number(text);
    if (!/^\d+$/.test(text) || number < least || number > most) {
      throw new InvalidArgumentError(`A whole number from ${least} to ${most}.`);
    }
    return number;
  };
}

/**
 * What is wrong with an environment and settings for it, in a line that names the option, before the app is
 * synthesized: that takes seconds and says it with a stack. Undefined where nothing is.
 * @param kafka as `--kafka` has it
 */
export function problemOf(
  environment: string,
  given: Readonly<Record<string, string>>,
  kafka?: string,
): string | undefined {
  const connector = given[`${environment}:connector`];
  const settings = { ...environments[environment], ...(connector !== undefined && { connector }) };
  return (
    unknown(environment) ??
    kafkaProblem(environment, settings, kafka) ??
    settingsProblem(environment, { ...kafkaContext(environment, kafka), ...given })
  );
}

/** The settings of an environment, with those given: nothing is run on them. @throws SettingsError in a line that names the option */
export function settingsOf(environment: string, given: Readonly<Record<string, string>>): Settings {
  const problem = unknown(environment) ?? settingsProblem(environment, given);
  const settings =
    problem === undefined ? resolveEnvironments(environments, given).get(environment) : undefined;
  if (settings === undefined) throw new SettingsError(problem ?? `There is no environment '${environment}'`);
  return settings;
}

const names = Object.keys(environments);

function unknown(environment: string): string | undefined {
  if (names.includes(environment)) return undefined;
  return `--env: there is no environment '${environment}', only ${names.join(', ')}`;
}

function settingsProblem(environment: string, context: Readonly<Record<string, string>>): string | undefined {
  try {
    resolveEnvironments(environments, context);
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    return `-c ${error.message}`;
  }
  const other = Object.keys(context).find((key) =>
    names.some((name) => name !== environment && key.startsWith(`${name}:`)),
  );
  if (other === undefined) return undefined;
  return `-c ${other} is a setting of another environment: this is ${environment}`;
}
