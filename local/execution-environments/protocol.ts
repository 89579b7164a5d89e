/** What the main thread and a function's thread say to each other. */

export interface BootstrapData {
  /** Directory of the unpacked deployment package. */
  codeDirectory: string;
  /** `<module>.<export>`, as in the template. */
  handler: string;
  functionName: string;
  functionArn: string;
  memorySizeMb: number;
  logGroupName: string;
  logStreamName: string;
}

export interface InvokeMessage {
  requestId: string;
  /** The event as JSON: a function gets a copy of what can be sent, never a shared object. */
  payload: string;
  /** Milliseconds since the epoch. */
  deadline: number;
  /** X-Ray's, which the SDK sends along with every call. */
  traceHeader: string;
}

export interface SerializedError {
  errorType: string;
  errorMessage: string;
  stack: string;
}

export type BootstrapMessage =
  | { kind: 'ready' }
  | { kind: 'init-failed'; error: SerializedError }
  /** `payload`: the response as JSON; absent where the function returned undefined. */
  | { kind: 'response'; requestId: string; payload: string | undefined }
  | { kind: 'error'; requestId: string; error: SerializedError };
