import { GetRecordsCommand, type KinesisClient, PutRecordsCommand } from '@aws-sdk/client-kinesis';
import { Command } from 'commander';
import type { CommandContext } from '../../../cli/commands/context.ts';
import type { Subcommand } from '../../../cli/commands/index.ts';
import type { Environment } from '../../../client/environment/open.ts';
import { KinesisStreams } from '../../../client/streams/kinesis-streams.ts';

const names = ['LotteryEventsInput', 'UserEventsInput', 'LotteryEventsOutput', 'UserEventsOutput'];
const shard = {
  ShardId: 'shardId-000000000000',
  HashKeyRange: { StartingHashKey: '0', EndingHashKey: String(2n ** 128n - 1n) },
};

type Event = Readonly<Record<string, unknown>>;

export interface Pipeline {
  /** What comes of an event; undefined: nothing does. */
  outcomeOf(event: Event): Event | undefined;
  /** Before each read of an output. @param put the types of what was put */
  onRead?(put: readonly string[]): void;
}

/** Streams of one shard with a pipeline between them. @returns also the types of what was put, in order */
export function streams({ outcomeOf, onRead }: Pipeline) {
  const put: string[] = [];
  const out = new Map<string, object[]>();
  const process = (StreamName: string, Data: Uint8Array) => {
    const event: Event = JSON.parse(Buffer.from(Data).toString());
    const SequenceNumber = String(put.push(String(event.type)));
    const recordId = `${shard.ShardId}:${SequenceNumber}`;
    const outcome = outcomeOf(event);
    if (outcome !== undefined) {
      const record = { SequenceNumber, PartitionKey: String(event.userId ?? event.lotteryId) };
      const output = StreamName.replace('Input', 'Output');
      const came = {
        ...record,
        Data: Buffer.from(JSON.stringify({ ...outcome, recordId, entryId: recordId })),
      };
      out.set(output, [...(out.get(output) ?? []), came]);
    }
    return { ShardId: shard.ShardId, SequenceNumber };
  };
  const send = async (command: { input: { StreamName?: string } }) => {
    if (command instanceof GetRecordsCommand) {
      onRead?.(put);
      const { ShardIterator = '' } = command.input;
      const Records = out.get(ShardIterator) ?? [];
      out.delete(ShardIterator);
      return { Records, NextShardIterator: ShardIterator, MillisBehindLatest: 0 };
    }
    const { StreamName = '' } = command.input;
    if (!(command instanceof PutRecordsCommand)) return { Shards: [shard], ShardIterator: StreamName };
    // As any answer comes: not before others have their turn.
    await new Promise(setImmediate);
    const records = command.input.Records ?? [];
    return { Records: records.map(({ Data = new Uint8Array() }) => process(StreamName, Data)) };
  };
  return { put, kinesis: { send } as unknown as KinesisClient };
}

/** With these clients and no others. */
export function environmentOf(
  clients: Partial<Environment['clients']>,
  more: Partial<Environment> = {},
): Environment {
  return {
    ...{ name: 'dev', isLocal: true, region: 'us-east-1', close: () => {} },
    outputs: Object.fromEntries(names.map((name) => [`${name}StreamName`, name])),
    clients: clients as Environment['clients'],
    streams: new KinesisStreams(clients.kinesis ?? ({} as KinesisClient)),
    ...more,
  };
}

/** Runs a subcommand by a clock of its own, which goes on with what is slept. @returns what it printed and noted @throws what it throws */
export async function run(
  command: Awaited<ReturnType<Subcommand['load']>>['command'],
  environment: Environment,
  ...argv: readonly string[]
): Promise<{ printed: string[]; noted: string[] }> {
  let now = 1_000;
  const [printed, noted]: [string[], string[]] = [[], []];
  const context: CommandContext = {
    ...{ signal: new AbortController().signal, isTerminal: false, open: async () => environment },
    clock: {
      now: () => now,
      async sleep(ms) {
        now += Math.min(ms, 100);
        await new Promise(setImmediate);
      },
    },
    print: (text) => void printed.push(text),
    printJson: (value) => void printed.push(JSON.stringify(value)),
    note: (line) => void noted.push(line),
    clear() {},
  };
  const program = new Command().addCommand(command(context).name('it').exitOverride());
  await program.parseAsync(['it', ...argv], { from: 'user' });
  return { printed, noted };
}
