import { entriesRecordSchema, tickMessageSchema } from '../../lambda/core/entries-records.ts';
import { lotteryEventSchemas, userEventSchemas } from '../../lambda/core/events.ts';
import { oddValues } from '../../proof/simulation/odd-values.ts';

/**
 * Records that are right but for one field, which holds a value that is odd: many of them the schemas take. The
 * fields come from the schemas, so that a new one cannot be forgotten.
 */

export type Json = Record<string, unknown>;

/** One record for each odd value of each of the fields. */
function withOddFields(base: Json, fields: readonly string[]): Json[] {
  return fields.flatMap((field) => oddValues(field).map((value) => ({ ...base, [field]: value })));
}

export const clientSchemas = { ...lotteryEventSchemas, ...userEventSchemas };
export type EventType = keyof typeof clientSchemas;
export const eventTypes = Object.keys(clientSchemas).filter(isEventType);

function isEventType(type: string): type is EventType {
  return Object.hasOwn(clientSchemas, type);
}

/** @param base an event that is right, without its optional fields */
export function oddEvents(type: EventType, base: Json): Json[] {
  return withOddFields({ type, ...base }, fieldsOf(clientSchemas[type]));
}

const [partialSchema, endingSchema, tickSchema] = entriesRecordSchema.def.options;

function fieldsOf({ def }: { def: { shape: object } }, ...without: readonly string[]): string[] {
  return Object.keys(def.shape).filter((field) => field !== 'type' && !without.includes(field));
}

/** @param entry its `best` */
export function oddPartials(base: Json, entry: Json): Json[] {
  const right = { type: 'PartialDraw', ...base, best: entry };
  const bests = withOddFields(entry, fieldsOf(partialSchema.def.shape.best));
  return [
    ...withOddFields(right, fieldsOf(partialSchema, 'best')),
    ...bests.map((best) => ({ ...right, best })),
  ];
}

/** The endings and ticks of the entries stream, which the ticks queue holds too. */
export function oddTickRecords(ending: Json): Json[] {
  return [
    ...withOddFields({ type: 'Ending', ...ending }, fieldsOf(endingSchema)),
    ...withOddFields({ type: 'Tick', lotteryId: '1' }, fieldsOf(tickSchema)),
  ];
}

export function oddTickMessages(ending: Json): Json[] {
  const right = { at: 0, record: { type: 'Tick', lotteryId: '1' } };
  return [
    ...withOddFields(right, fieldsOf(tickMessageSchema, 'record')),
    ...oddTickRecords(ending).map((record) => ({ at: 0, record })),
  ];
}
