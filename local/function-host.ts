/**
 * What hosts a function's code: the seam between the event source mappings, which invoke, and whatever runs
 * the bundle (a worker thread in the local runtime, a plain function in a test).
 */
export interface FunctionHost {
  /**
   * One synchronous invocation (`InvocationType: RequestResponse`).
   * @param event the payload, before it is turned into JSON.
   * @returns the function's response, after it was turned into JSON and back; `undefined` and `null` are both "no response".
   * @throws FunctionError on a time-out, a crash of the execution environment or an error the function threw.
   */
  invoke(event: unknown): Promise<unknown>;
  /** Ends the execution environments. Invocations under way are rejected with a FunctionError. */
  close(): Promise<void>;
}

/** A host whose execution environments can be ended where they stand: for fault injection. */
export interface KillableHost extends FunctionHost {
  /** Execution environments started so far, i.e. cold starts. */
  readonly coldStarts: number;
  /**
   * Ends the execution environment with this id, or all. Their invocations fail with `Runtime.ExitError`; the next ones
   * start fresh environments.
   */
  kill(environmentId?: string): Promise<void>;
}

/** An invocation that did not end in a response. */
export class FunctionError extends Error {
  override readonly name = 'FunctionError';
  readonly functionName: string;
  /** As Lambda reports it: the thrown error's name, or `Sandbox.Timedout`, `Runtime.ExitError` and so on. */
  readonly errorType: string;

  constructor(functionName: string, errorType: string, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.functionName = functionName;
    this.errorType = errorType;
  }
}
