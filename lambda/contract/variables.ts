/**
 * The names of the environment variables that the constructs set and the functions read.
 * One list for both sides: a variable that only one side knows does not compile.
 */

/** Variables by function; the value says what the variable holds. */
export const functionVariables = {
  'lottery-events': [
    'LOTTERIES_TABLE',
    'SEEDS_TABLE',
    'WATERMARKS_TABLE',
    'LOTTERY_EVENTS_OUTPUT_STREAM',
    'TICKS_QUEUE_URL',
    'WINDOW_SECONDS',
    'GRACE_SECONDS',
    'MARGIN_MILLISECONDS',
    'CLOCK_TOLERANCE_SECONDS',
    'STREAM_RETENTION_HOURS',
    'AGGREGATE_OUTPUTS',
    'RECEIPTS_KEY_ID',
    'RANDOMNESS',
    'BEACON_CHAIN',
  ],
  'user-events': [
    'USERS_TABLE',
    'LOTTERIES_TABLE',
    'REFUNDS_TABLE',
    'GRANTS_TABLE',
    'WATERMARKS_TABLE',
    'DRAWS_BUCKET',
    'USER_EVENTS_INPUT_STREAM',
    'USER_EVENTS_OUTPUT_STREAM',
    'ENTRIES_STREAM',
    'WINDOW_SECONDS',
    'GRACE_SECONDS',
    'MARGIN_MILLISECONDS',
    'CLOCK_TOLERANCE_SECONDS',
    'STREAM_RETENTION_HOURS',
    'AGGREGATE_OUTPUTS',
    'RECEIPTS_KEY_ID',
  ],
  draw: [
    'LOTTERIES_TABLE',
    'SEEDS_TABLE',
    'DRAWS_TABLE',
    'REFUNDS_TABLE',
    'DRAWS_BUCKET',
    'LOTTERY_EVENTS_OUTPUT_STREAM',
    'USER_EVENTS_INPUT_STREAM',
    'TICKS_QUEUE_URL',
    'CLOCK_TOLERANCE_SECONDS',
    'BEACON_URLS',
    'AGGREGATE_OUTPUTS',
  ],
  ticks: [
    'WATERMARKS_TABLE',
    'LOTTERY_EVENTS_INPUT_STREAM',
    'USER_EVENTS_INPUT_STREAM',
    'ENTRIES_STREAM',
    'TICKS_QUEUE_URL',
    'CLOCK_TOLERANCE_SECONDS',
  ],
  archive: ['DRAWS_BUCKET', 'LOTTERY_EVENTS_OUTPUT_STREAM', 'USER_EVENTS_OUTPUT_STREAM'],
  live: ['LIVE_TABLE', 'LOTTERIES_TABLE', 'SITE_BUCKET', 'EVENT_API_URL', 'EVENT_API_NAMESPACE'],
  // CloudFormation tells it all that it needs.
  'receipts-public-key': [],
} as const;

export type FunctionName = keyof typeof functionVariables;

/** What the outer streams of an environment are. Where they are topics, the variables that name streams name those. */
export const connectorNames = ['kinesis', 'kafka'] as const;

export type ConnectorName = (typeof connectorNames)[number];

/** How its brokers are reached; KAFKA_SECRET_ARN is 'none' where KAFKA_AUTH is not 'scram'. */
const kafkaAccess = ['KAFKA_BOOTSTRAP_SERVERS', 'KAFKA_AUTH', 'KAFKA_SECRET_ARN'] as const;

/** The further variables by function where the outer streams are topics of Kafka. */
export const kafkaVariables = {
  'lottery-events': [...kafkaAccess, 'KAFKA_REPORTS_FAILURES'],
  'user-events': [...kafkaAccess, 'KAFKA_REPORTS_FAILURES'],
  draw: kafkaAccess,
  ticks: kafkaAccess,
  archive: ['KAFKA_REPORTS_FAILURES'],
  live: ['KAFKA_REPORTS_FAILURES'],
} as const satisfies Partial<Record<FunctionName, readonly string[]>>;

export type KafkaEnvironment<Name extends keyof typeof kafkaVariables> = Record<
  (typeof kafkaVariables)[Name][number],
  string
>;

/**
 * Those of the processing stack, which the game is played with. What is live only watches, in a stack of its own, and the
 * last one is asked by deployments of the stateful stack alone.
 */
export const processorNames = [
  'lottery-events',
  'user-events',
  'draw',
  'ticks',
  'archive',
] as const satisfies FunctionName[];

/** The variables of one function, as strings: what a construct must set and nothing more. */
export type FunctionEnvironment<Name extends FunctionName> = Record<
  (typeof functionVariables)[Name][number],
  string
>;

/**
 * Reads one function's variables.
 * @throws Error that names the first variable that is missing or empty.
 */
export function readEnvironment<Name extends FunctionName>(
  name: Name,
  source: Source,
): FunctionEnvironment<Name> {
  return read(name, functionVariables[name], source) as FunctionEnvironment<Name>;
}

/** As `readEnvironment`, what the function has beside them where the outer streams are topics of Kafka. */
export function readKafkaEnvironment<Name extends keyof typeof kafkaVariables>(
  name: Name,
  source: Source,
): KafkaEnvironment<Name> {
  return read(name, kafkaVariables[name], source) as KafkaEnvironment<Name>;
}

type Source = Readonly<Record<string, string | undefined>>;

function read(name: FunctionName, variables: readonly string[], source: Source): Record<string, string> {
  const entries = variables.map((variable) => {
    const value = source[variable];
    if (value === undefined || value === '') {
      throw new Error(`Environment variable ${variable} of the ${name} function is not set`);
    }
    return [variable, value] as const;
  });
  return Object.fromEntries(entries);
}

/**
 * Reads a variable that holds a number.
 * @throws Error that names the variable when it is not a finite number of 0 or more.
 */
export function readNumber<Name extends string>(
  environment: Readonly<Record<Name, string>>,
  variable: Name,
): number {
  const value = Number(environment[variable]);
  if (!Number.isFinite(value) || value < 0) {
    throw new Error(
      `Environment variable ${variable} must be a number of 0 or more, not '${environment[variable]}'`,
    );
  }
  return value;
}
