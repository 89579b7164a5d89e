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
  return fields.flatMap((field) => oddValuesOf(field).map((value) => ({ ...base, [field]: value })));
}

const noBlocks = ['', '0', 'A'.repeat(64), 'g'.repeat(64), '0'.repeat(65), '__proto__', '../lists', null, 1];

/** Of events the simulation has them too; not of what only functions put. */
function oddValuesOf(field: string): readonly unknown[] {
  if (field === 'block')
    return [
      `${'0'.repeat(64)}/${'f'.repeat(64)}`,
      `${'f'.repeat(64)}/${'f'.repeat(64)}`,
      '0'.repeat(64),
      ...noBlocks,
    ];
  return oddValues(field === 'dueAt' ? 'at' : field);
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

const [partialSchema, tickSchema] = entriesRecordSchema.def.options;

function fieldsOf({ def }: { def: { shape: object } }, ...without: readonly string[]): string[] {
  return Object.keys(def.shape).filter((field) => field !== 'type' && !without.includes(field));
}

export function oddPartials(base: Json): Json[] {
  return withOddFields({ type: 'PartialDraw', ...base }, fieldsOf(partialSchema));
}

export function oddTicks(base: Json): Json[] {
  return withOddFields({ type: 'Tick', ...base }, fieldsOf(tickSchema));
}

/** @param tick its `tick` */
export function oddTickMessages(tick: Json): Json[] {
  const right = { at: 0, dueAt: 0, tick };
  const ticks = withOddFields(tick, fieldsOf(tickSchema));
  return [
    ...withOddFields(right, fieldsOf(tickMessageSchema, 'tick')),
    ...[...ticks, null, {}, []].map((odd) => ({ ...right, tick: odd })),
  ];
}
