import type { Clock } from '../clock.ts';
import { LOCAL_CREDENTIALS } from '../execution-environments/environment-variables.ts';
import {
  type AwsAnswer,
  type AwsCall,
  errorAnswer,
  type Interceptor,
  xmlErrorAnswer,
} from '../proxy/aws-call.ts';
import { batchEntries, failEntriesAfterEffect, throttleEntries } from './batch-calls.ts';
import type { FaultLog } from './kinds.ts';
import { type CallDecision, type FaultPlan, type FaultRates, writeOperations } from './plan.ts';

type Forward = Parameters<Interceptor>[1];
type Answer = Awaited<ReturnType<Interceptor>>;

export interface FaultyCallsOptions {
  plan: FaultPlan;
  rates: FaultRates;
  log: FaultLog;
  clock: Clock;
  /** No fault begins once it is aborted, and calls that hang end. */
  signal: AbortSignal;
  /** Kills the execution environment where it stands. */
  kill(functionName: string, environmentId: string): Promise<void>;
}

const throttled: Readonly<Record<string, string>> = {
  kinesis: 'ProvisionedThroughputExceededException',
  dynamodb: 'ProvisionedThroughputExceededException',
  sqs: 'RequestThrottled',
};

/** Where an error of the service itself has a name of its own. */
const failed: Readonly<Record<string, string>> = { kms: 'KMSInternalException' };

/** How long a write is held: longer than the cold start of the other invocation and the next batches take, shorter than a Timeout. */
const HELD_MS = 2_500;

const pollOperations = new Set(['GetRecords', 'GetShardIterator', 'Fetch', 'OffsetCommit']);

/** Faults of the AWS calls that functions make, and of the mappings' polls. Calls of anybody else pass untouched. */
export class FaultyCalls {
  readonly #options: FaultyCallsOptions;
  /** Calls so far, by caller and operation. */
  readonly #numbers = new Map<string, number>();
  /** Calls that are still to be refused, by function and what is down. */
  readonly #outages = new Map<string, number>();
  /** Functions of which a write is to be held, and how many of their writes pass before. */
  readonly #held = new Map<string, number>();
  #overlaps = 0;

  constructor(options: FaultyCallsOptions) {
    this.#options = options;
  }

  /**
   * Holds one of the next writes of a table by this function for a while: of two invocations with the same events one
   * falls behind, and writes when the other and later ones have.
   */
  holdWrite(functionName: string): void {
    this.#overlaps += 1;
    this.#held.set(functionName, this.#options.plan.writesBeforeHeld(functionName, this.#overlaps));
  }

  readonly intercept: Interceptor = async (call, forward) => {
    const { signal, plan, log } = this.#options;
    if (signal.aborted) return forward();
    const functionName = functionOf(call.caller);
    if (functionName === undefined) {
      const isPoll = call.caller === LOCAL_CREDENTIALS.accessKeyId && pollOperations.has(call.operation);
      if (!isPoll || !plan.poll(call.operation, this.#next(call.operation))) return forward();
      log.note('pollThrottled');
      return refusal(call);
    }
    if (writeOperations.has(call.operation) && this.#isHeld(functionName)) {
      log.note('writeHeld');
      await this.#options.clock.sleep(HELD_MS, signal);
      return forward();
    }
    if (this.#isDown(functionName, call)) return failure(call);
    const operation = operationOf(call);
    const number = this.#next(`${functionName} ${operation}`);
    const decision = plan.call(functionName, operation, number);
    return decision ? this.#inject(decision, call, functionName, forward) : forward();
  };

  #next(what: string): number {
    const number = (this.#numbers.get(what) ?? 0) + 1;
    this.#numbers.set(what, number);
    return number;
  }

  #isHeld(functionName: string): boolean {
    const before = this.#held.get(functionName);
    if (before === undefined) return false;
    if (before > 0) this.#held.set(functionName, before - 1);
    else this.#held.delete(functionName);
    return before === 0;
  }

  #isDown(functionName: string, call: AwsCall): boolean {
    const key = `${functionName} ${downWith(call)}`;
    const left = this.#outages.get(key) ?? 0;
    if (left > 0) this.#outages.set(key, left - 1);
    return left > 0;
  }

  async #inject(
    decision: CallDecision,
    call: AwsCall,
    functionName: string,
    forward: Forward,
  ): Promise<Answer> {
    const { log, kill } = this.#options;
    const { kind } = decision;
    switch (kind) {
      case 'partOfBatchThrottled':
      case 'partOfBatchFailedAfterEffect':
        return this.#injectInBatch(decision, call, forward);
      case 'killedBeforeCall':
        log.note(kind);
        await kill(functionName, call.caller);
        return 'disconnect';
      case 'killedDuringCall':
        log.note(kind);
        await Promise.all([forward(), kill(functionName, call.caller)]);
        return 'disconnect';
      case 'killedAfterCall':
        log.note(kind);
        await forward();
        await kill(functionName, call.caller);
        return 'disconnect';
      case 'callHangs':
        log.note(kind);
        return this.#hang(decision, forward);
      case 'callDelayed':
        log.note(kind);
        await this.#options.clock.sleep(decision.delayMs, this.#options.signal);
        return forward();
      case 'callThrottled':
        log.note(kind);
        return refusal(call);
      case 'callFailed':
        log.note(kind);
        return failure(call);
      case 'serviceDown':
        log.note(kind);
        this.#outages.set(`${functionName} ${downWith(call)}`, decision.calls - 1);
        return failure(call);
      case 'answerLost':
        log.note(kind);
        await forward();
        return 'disconnect';
      default:
        return kind satisfies never;
    }
  }

  async #injectInBatch({ kind, entries }: CallDecision, call: AwsCall, forward: Forward): Promise<Answer> {
    const isThrottled = kind === 'partOfBatchThrottled';
    const count = batchEntries(call, isThrottled ? 'throttled' : 'failed');
    if (count === 0) return forward();
    this.#options.log.note(kind);
    const fail = isThrottled ? throttleEntries : failEntriesAfterEffect;
    return fail(call, entries(count), forward);
  }

  async #hang({ takesEffect }: CallDecision, forward: Forward): Promise<Answer> {
    const { clock, rates, signal } = this.#options;
    if (takesEffect) await forward();
    await clock.sleep(rates.hangMs, signal);
    return 'disconnect';
  }
}

/** Execution environments sign as `<function>.<number>`: the function, or undefined for any other caller. */
export function functionOf(caller: string): string | undefined {
  return /^(.+)\.\d+$/.exec(caller)?.[1];
}

/** Of S3 the method: its paths name objects by their contents, which differ from run to run. */
function operationOf({ service, method, operation }: AwsCall): string {
  return service === 's3' ? method : operation;
}

/** Where writes of tables fail, reads go on. */
function downWith({ service, operation }: AwsCall): string {
  return writeOperations.has(operation) ? operation : service;
}

function refusal({ service }: AwsCall): AwsAnswer {
  if (service === 's3') return xmlErrorAnswer(503, 'SlowDown', 'Injected');
  return errorAnswer(400, throttled[service] ?? 'ThrottlingException', 'Injected');
}

function failure({ service }: AwsCall): AwsAnswer {
  if (service === 's3') return xmlErrorAnswer(500, 'InternalError', 'Injected');
  return errorAnswer(500, failed[service] ?? 'InternalServerError', 'Injected');
}
