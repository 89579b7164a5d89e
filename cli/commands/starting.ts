import { isDeepStrictEqual } from 'node:util';
import type { Environment } from '../../client/environment/open.ts';
import { putEvent, putRepeatable } from '../../client/exchange.ts';
import type { OutputEvent } from '../../client/output-events.ts';
import { printable } from '../start/describe.ts';
import { countdown, momentText } from '../times.ts';
import type { CommandContext } from './context.ts';
import type { Id } from './ids.ts';
import { accepted, sayPut, toldIfNothingCame, type WaitingOptions } from './waiting.ts';

export interface StartEvent {
  readonly type: 'LotteryStartEvent';
  readonly lotteryId: number | string;
  readonly timestamp?: number;
  readonly prizes?: readonly string[];
}

type Started = Extract<OutputEvent, { type: 'LotteryStartedEvent' }>;

/** Puts a start, waits until the lottery is open where that is soon enough, and says so. @throws FailedError */
export async function startLottery(
  context: CommandContext,
  { environment, id, event }: { environment: Environment; id: Id; event: StartEvent },
  options: WaitingOptions,
): Promise<void> {
  const { clock, signal } = context;
  if (!options.wait) {
    const recordId = await putEvent({ environment, clock }, event);
    sayPut(context, recordId, options);
    return;
  }
  const timeoutMs = options.timeout * 1000;
  const by = clock.now() + timeoutMs;
  const arrived = await putRepeatable(
    { environment, clock, signal },
    { channel: 'lottery', partitionKey: id.text, event, timeoutMs, isDone: startOf(event) },
  ).catch(toldIfNothingCame(options.timeout));
  const started = accepted(arrived);
  if (started.type !== 'LotteryStartedEvent') return;
  const { firstWindowStart = 0 } = started;
  // One that opens tomorrow is waited for by nobody.
  if (firstWindowStart > clock.now() && firstWindowStart <= by)
    await clock.sleep(firstWindowStart - clock.now(), signal);
  if (options.json) context.printJson(started, 2);
  else context.print(said(started, clock.now()));
}

/** Whether an event says that it was this start: another one would have other prizes, or be as good. */
function startOf({ prizes }: StartEvent): (event: OutputEvent) => boolean {
  return (event) => event.type === 'LotteryStartedEvent' && isDeepStrictEqual(event.prizes, prizes);
}

function said({ lotteryId, run, prizes, windowMs, firstWindowStart }: Started, now: number): string {
  const isAhead = firstWindowStart !== undefined && firstWindowStart > now;
  const opening = isAhead
    ? `opens in ${countdown(firstWindowStart - now)}, at ${new Date(firstWindowStart).toISOString()}`
    : 'is open';
  const last =
    prizes === undefined || firstWindowStart === undefined
      ? 'until it is stopped'
      : `${prizes.length} ${prizes.length === 1 ? 'prize' : 'prizes'}, until ${momentText(firstWindowStart + prizes.length * windowMs, now)} UTC`;
  return `Lottery ${printable(String(lotteryId))} ${opening}: run ${run}, a draw every ${countdown(windowMs)}, ${last}`;
}
