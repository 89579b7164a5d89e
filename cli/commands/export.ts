import { type Command, Option } from 'commander';
import { startOfDay } from '../../client/archive/day-of-draws.ts';
import { wholeNumber } from '../command-options.ts';
import { FailedError, UsageError } from '../exit-codes.ts';
import { exportText } from '../export/report.ts';
import { NotArchived, runExport } from '../export/run-export.ts';
import { type CommandContext, type EnvironmentOptions, environmentCommand, examples } from './context.ts';
import { idOf } from './ids.ts';

interface Options extends EnvironmentOptions {
  lottery?: string;
  day?: string;
  wait?: true;
  /** Seconds. */
  timeout: number;
}

export function command(context: CommandContext): Command {
  return environmentCommand()
    .argument('<directory>', 'where to write events.jsonl and sheets/; it is made')
    .option('--lottery <id>', 'only what is of this lottery')
    .option('--day <date>', 'only this day (UTC, as 2026-11-26), and what belongs to its draws')
    .option('--wait', 'wait until all that is on the streams now is archived, instead of reading it there')
    .addOption(
      new Option('--timeout <seconds>', 'how long --wait may take')
        .argParser(wholeNumber(1, 86_400))
        .default(300),
    )
    .addHelpText(
      'after',
      examples('export --lottery promo out && lottery verify out', 'export --env prod --day 2026-11-26 out'),
    )
    .action((directory: string, options: Options) => write(context, directory, options));
}

async function write(context: CommandContext, directory: string, options: Options): Promise<void> {
  const { env, json, lottery, day: date, wait, timeout } = options;
  const lotteryId = lottery === undefined ? undefined : idOf('lottery', lottery).text;
  const day = date === undefined ? undefined : startOfDay(date);
  if (date !== undefined && day === undefined) throw new UsageError(`--day ${date}: a day is as 2026-11-26`);
  const environment = await context.open(env);
  const { clock, signal } = context;
  const waitSeconds = wait ? timeout : undefined;
  const request = { directory, lotteryId, day, waitSeconds, clock, signal };
  const report = await runExport(environment, request).catch((error: unknown) => {
    throw error instanceof NotArchived ? new FailedError(error.message) : error;
  });
  if (json) context.printJson(report, 2);
  else context.print(exportText(report));
  if (report.missingSheets.length > 0) throw new FailedError('There are winners without their sheets');
}
