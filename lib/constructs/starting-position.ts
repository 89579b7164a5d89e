import { type EventSourceMappingOptions, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import type { Settings } from '../settings.ts';

/** Where a mapping begins that is new; of a topic, one whose group has read nothing yet. */
export function startingPosition({
  readFrom,
}: Settings): Pick<EventSourceMappingOptions, 'startingPosition' | 'startingPositionTimestamp'> {
  if (readFrom === 'oldest') return { startingPosition: StartingPosition.TRIM_HORIZON };
  return {
    startingPosition: StartingPosition.AT_TIMESTAMP,
    startingPositionTimestamp: Date.parse(readFrom) / 1000,
  };
}
