import type { KinesisClient } from '@aws-sdk/client-kinesis';
import type { KinesisStreamBatchResponse, KinesisStreamEvent } from 'aws-lambda';
import { kinesisSource } from '../batch/kinesis-source.ts';
import type { Connector } from '../ports/connector.ts';
import { AggregatingPublisher } from './aggregating-publisher.ts';
import { KinesisInputs } from './kinesis-inputs.ts';
import { KinesisPublisher } from './kinesis-publisher.ts';
import type { RetryPolicy } from './retry.ts';

/** The outer streams on Kinesis. */
export function kinesisConnector(
  client: KinesisClient,
  retry: RetryPolicy,
): Connector<KinesisStreamEvent, KinesisStreamBatchResponse> {
  return {
    source: kinesisSource,
    publisher: (stream, isAggregated = false) =>
      isAggregated
        ? new AggregatingPublisher(client, stream, retry)
        : new KinesisPublisher(client, stream, retry),
    inputs: (streams) => new KinesisInputs(client, streams, retry),
    comesAgainForMs: (retentionMs) => retentionMs,
  };
}
