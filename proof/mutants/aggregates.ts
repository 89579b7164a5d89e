import type { Mutant } from './mutant.ts';

const records = 'lambda/batch/aggregated-records.ts';
const core = (name: string) => `lambda/core/${name}.ts`;

/** How aggregated records are taken apart, and how far they are applied: all events of a key in one, at once. */
export const aggregates: readonly Mutant[] = [
  {
    name: 'events of an aggregated record have the id of their record',
    file: records,
    from: 'this.source = new EventSource(outer.source, index);',
    to: 'this.source = index < 0 ? new EventSource(outer.source, index) : outer.source;',
  },
  {
    name: 'events of an aggregated record are counted by their key',
    file: records,
    from: 'const records = events.map((event, index) => new EventRecord(outer, event, index, rejectionOf(event)));',
    to: `const records = events.map((event, index) => {
      const ofKey = events.slice(0, index).filter(({ partitionKey }) => partitionKey === event.partitionKey);
      return new EventRecord(outer, event, ofKey.length, rejectionOf(event));
    });`,
  },
  {
    name: "an event of an aggregated record has its record's key",
    file: records,
    from: 'this.partitionKey = partitionKey;',
    to: 'this.partitionKey = partitionKey === undefined ? partitionKey : outer.partitionKey;',
  },
  {
    name: 'an aggregated record may have any number of events of a key',
    file: records,
    from: 'return count > maximumOfOneKey ? tooMany : undefined;',
    to: 'return count < 0 ? tooMany : undefined;',
  },
  {
    name: 'events that are too short take the others of their record along',
    file: records,
    from: 'return [...records.filter((record) => !isShort(record)), rejectedRecord(outer, bytes, message)];',
    to: 'return [rejectedRecord(outer, bytes, message)];',
  },
  {
    name: 'the events of a key are counted from record to record',
    file: records,
    from: `const counts = new Map<string, number>();
  return`,
    to: `const counts: Map<string, number> = (Object(globalThis).countsOfKeys ??= new Map());
  return`,
  },
  {
    name: 'a wrong checksum is not seen',
    file: core('kpl'),
    from: "if (!hash('md5', message, 'buffer').equals(data.subarray(end)))",
    to: "if (hash('md5', message, 'buffer').equals(Buffer.of()))",
  },
  {
    name: 'outcomes of an aggregated record are kept without the index of their events',
    file: core('outcome-codec'),
    from: 'return index === undefined ? text : withIndex(text, index);',
    to: 'return index === undefined || index >= 0 ? text : withIndex(text, index);',
  },
  {
    name: 'the cursor has no index',
    file: core('resume'),
    from: 'return index === undefined ? cursor : { ...cursor, index };',
    to: 'return index === undefined ? cursor : { ...cursor, index: 0 };',
  },
  {
    name: 'a batch ends within an aggregated record',
    file: core('resume'),
    from: 'const isBegun = shard.place?.sequenceNumber === source.sequenceNumber;',
    to: 'const isBegun = shard.place?.sequenceNumber === source.sequenceNumber && source.index === undefined;',
  },
  {
    name: 'a record that is begun counts as applied',
    file: core('resume'),
    from: 'return source.index === undefined || source.index <= (place.index ?? 0);',
    to: 'return true;',
  },
];
