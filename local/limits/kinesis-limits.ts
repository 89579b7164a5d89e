import type { Guard } from '../proxy/aws-call.ts';
import { LimitedPuts } from './limited-puts.ts';
import { LimitedReads } from './limited-reads.ts';
import { LimitedShards, type LimitedShardsOptions } from './limited-shards.ts';
import { parsed } from './requests.ts';

const TARGET = 'Kinesis_20131202.';

/**
 * What a shard takes and gives in a second, and what one read gives: what is more is refused as Kinesis refuses it. The
 * engine knows no such limits. Calls in CBOR, as of some SDKs, go by uncounted.
 */
export function kinesisLimits(options: LimitedShardsOptions): Guard {
  const shards = new LimitedShards(options);
  const puts = new LimitedPuts(shards);
  const reads = new LimitedReads(shards);
  return (call, forward) => {
    const target = call.headers['x-amz-target'];
    if (typeof target !== 'string' || !target.startsWith(TARGET)) return forward();
    switch (target.slice(TARGET.length)) {
      case 'PutRecord':
        return puts.putRecord(call, parsed(call.body), forward);
      case 'PutRecords':
        return puts.putRecords(call, parsed(call.body), forward);
      case 'GetShardIterator':
        return reads.getShardIterator(parsed(call.body), forward);
      case 'GetRecords':
        return reads.getRecords(call, parsed(call.body), forward);
      case 'DeleteStream':
      case 'MergeShards':
      case 'SplitShard':
      case 'UpdateShardCount':
        return forward().finally(() => puts.resharded(parsed(call.body)));
      default:
        return forward();
    }
  };
}
