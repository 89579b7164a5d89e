import { Command, Option } from 'commander';
import { contextOption, kafkaOption, wholeNumber } from '../command-options.ts';

/** Kinesis; DynamoDB has the next port, SQS and S3 the one after, then come Lambda, KMS and the beacon, the page, and Kafka. */
const DEFAULT_PORT = 4567;
const PORTS = 6;
const MAX_PORT = 65_535;

export interface StartOptions {
  env: string;
  events?: string;
  json?: true;
  plain?: true;
  sheets?: string;
  port: number;
  players: boolean;
  context: Readonly<Record<string, string>>;
  data?: string;
  assembly?: string;
  faults?: string;
  iam: boolean;
  limits?: true;
  kafka?: string;
  disable: readonly string[];
  verbose?: true;
}

/** Reads the command line. Ends the process for `--help` (0) and for what it does not understand (1). */
export function parseOptions(argv: readonly string[]): StartOptions {
  return new Command('npm start --')
    .description(
      'Runs an environment of the app on this machine: its streams, tables, queues and functions.\n' +
        'Starts a lottery with a few simulated players and shows what happens, until Ctrl-C.',
    )
    .option(
      '--events <file>',
      'put the JSON lines of a file, or - for standard input, gzip or not; wait until all is processed and drawn,' +
        ' say what came of it, and exit: with 1 if a line was no event, or there was none',
    )
    .option('--json', 'print each record of the two output streams as a JSON line, all else on stderr')
    .option('--plain', 'print lines on a terminal too, instead of the view')
    .option(
      '--sheets <directory>',
      'when the run ends, put the sheet of each of its draws there, for npm run verify -- --sheets',
    )
    .option(
      '--port <number>',
      'first of six ports: Kinesis, DynamoDB, SQS with S3, Lambda with KMS and the beacon, the page, --kafka embedded',
      wholeNumber(1, MAX_PORT - PORTS + 1),
      DEFAULT_PORT,
    )
    .option('--env <name>', 'the environment of the app', 'dev')
    .option('--no-players', 'start no lottery and no simulated players')
    .addOption(contextOption())
    .option(
      '--data <directory>',
      'keep the data of all streams, tables, queues and keys there over restarts; each run prints all output again',
    )
    .addOption(
      new Option(
        '--assembly <directory>',
        'run a synthesized app (cdk.out) with the settings that it was synthesized with, instead of synthesizing',
      ).conflicts('context'),
    )
    .option('--faults <seed>', 'inject faults that the seed chooses (docs/faults.md)')
    .option('--no-iam', "let functions make any call, whatever their roles' policies say")
    .addOption(kafkaOption().conflicts('assembly'))
    .option('--limits', 'shards take and give no more in a second than on AWS (docs/local-runtime.md)')
    .addOption(
      new Option(
        '--disable <function>',
        "start with a function's event source mapping disabled, e.g. ticks; repeatable",
      )
        .argParser((name: string, names: readonly string[]) => [...names, name])
        .default([], 'none'),
    )
    .option('--verbose', 'print what the functions log, on stderr')
    .helpOption('-h, --help', 'show this help')
    .parse(argv)
    .opts<StartOptions>();
}
