import type { HeartbeatSender, InputName, InputShards, StreamPublisher } from './ports.ts';
import type { BatchSource } from './source.ts';

/** Names of input streams; those that are absent are not asked for. */
export type InputStreams = Readonly<Partial<Record<InputName, string>>>;

/** What the outer streams are, the inputs and the outputs: the functions know no more of them. */
export interface Connector<Event, Response> {
  readonly source: BatchSource<Event, Response>;
  /** @param stream its name @param isAggregated many events are put in one record, where the stream can have such */
  publisher(stream: string, isAggregated?: boolean): StreamPublisher;
  inputs(streams: InputStreams): InputShards & HeartbeatSender;
  /** How long after it arrived a record may come again. @param retentionMs how long the settings have it kept */
  comesAgainForMs(retentionMs: number): number;
}
