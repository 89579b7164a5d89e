/** A call that is refused as the service would refuse it: `type` is the name of its exception. */
export class ServiceError extends Error {
  readonly type: string;
  /** What else the answer says, beside type and message. */
  readonly members: Readonly<Record<string, unknown>>;

  constructor(type: string, message: string, members: Readonly<Record<string, unknown>> = {}) {
    super(message);
    this.name = 'ServiceError';
    this.type = type;
    this.members = members;
  }
}

/**
 * Something that AWS has and these services do not. It is no answer of a service, which the code under test would
 * take for a fault and bear: it ends the run, so that somebody adds what is missing.
 */
export class NotEmulatedError extends Error {
  constructor(what: string) {
    super(`Not emulated in memory: ${what}`);
    this.name = 'NotEmulatedError';
  }
}

export function invalid(message: string): ServiceError {
  return new ServiceError('ValidationException', message);
}
