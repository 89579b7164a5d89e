import { z } from 'zod';
import type { EventSourceMapping } from '../event-source-mapping/index.ts';
import { type ApiAnswer, functionArn, functionNamed, type LambdaApiContext } from './context.ts';
import { invalid, notFound } from './http-error.ts';

/** Everything else of a mapping is the template's. `FunctionName` may be there: the AWS CLI sends it at times. */
const update = z.strictObject({ Enabled: z.boolean(), FunctionName: z.string().optional() });

/** The mappings' part of the API. Disabling takes as long as the invocations under way, and says so. */
export class MappingsApi {
  readonly #context: LambdaApiContext;
  readonly #disabling = new Set<string>();

  constructor(context: LambdaApiContext) {
    this.#context = context;
  }

  /** GET /event-source-mappings/?FunctionName=…&EventSourceArn=… */
  list(query: URLSearchParams): ApiAnswer {
    const functionName = query.get('FunctionName');
    const sourceArn = query.get('EventSourceArn');
    const name = functionName === null ? undefined : functionNamed(this.#context, functionName).name;
    const mappings = this.#all().filter((mapping) => {
      const status = mapping.status();
      const isOfFunction = name === undefined || status.functionName === name;
      return isOfFunction && (sourceArn === null || status.sourceArn === sourceArn);
    });
    const EventSourceMappings = mappings.map((mapping) => this.#describe(mapping));
    return { status: 200, body: JSON.stringify({ EventSourceMappings }) };
  }

  /** GET /event-source-mappings/<uuid> */
  get(id: string): ApiAnswer {
    return { status: 200, body: JSON.stringify(this.#describe(this.#find(id))) };
  }

  /** PUT /event-source-mappings/<uuid>: `Enabled` only. Answers at once, with `Disabling` as on AWS. */
  update(id: string, body: Buffer): ApiAnswer {
    const mapping = this.#find(id);
    const parsed = update.safeParse(JSON.parse(body.toString('utf8') || '{}'));
    if (!parsed.success) throw invalid('Only Enabled can be changed here: all else is in the template');
    if (parsed.data.Enabled) mapping.enable();
    else this.#disable(mapping);
    return { status: 202, body: JSON.stringify(this.#describe(mapping)) };
  }

  #disable(mapping: EventSourceMapping): void {
    this.#disabling.add(mapping.id);
    mapping.disable().finally(() => this.#disabling.delete(mapping.id));
  }

  #describe(mapping: EventSourceMapping) {
    const { id, functionName, sourceArn, state } = mapping.status();
    const isDisabling = state === 'Disabled' && this.#disabling.has(id);
    return {
      UUID: id,
      EventSourceArn: sourceArn,
      FunctionArn: functionArn(this.#context, functionName),
      State: isDisabling ? 'Disabling' : state,
      StateTransitionReason: 'User action',
    };
  }

  #find(id: string): EventSourceMapping {
    const found = this.#all().find((mapping) => mapping.id === id);
    if (!found) throw notFound(`The resource you requested does not exist: event source mapping ${id}`);
    return found;
  }

  #all(): EventSourceMapping[] {
    return [...this.#context.mappings.values()].flat();
  }
}
