import type { EventSourceMapping, MappingEvent } from '../../../../local/event-source-mapping/index.ts';

/** Mappings of one test and what they tell; they are stopped at its end. */
export class StartedMappings {
  readonly events: MappingEvent[] = [];
  readonly #started: EventSourceMapping[] = [];

  readonly observer = (event: MappingEvent): void => {
    this.events.push(event);
  };

  /** @returns the mapping, which was started with the observer */
  add<Mapping extends EventSourceMapping>(mapping: Mapping): Mapping {
    this.#started.push(mapping);
    return mapping;
  }

  /** Events of one type, in order. */
  of<Type extends MappingEvent['type']>(type: Type): Extract<MappingEvent, { type: Type }>[] {
    return this.events.filter((event): event is Extract<MappingEvent, { type: Type }> => event.type === type);
  }

  async stopAll(): Promise<void> {
    await Promise.all(this.#started.splice(0).map((mapping) => mapping.stop()));
    this.events.length = 0;
  }
}
