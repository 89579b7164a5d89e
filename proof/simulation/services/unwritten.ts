const values = new WeakMap<object, object>();

/**
 * A call, or an answer, between two that are in one process: its JSON is written when somebody reads the body, and for
 * nobody else. A copy that an interceptor makes is one like any other.
 * @param value as it would come out of JSON; nobody changes it any more
 */
export function unwritten<Head extends object>(head: Head, value: object): Head & { readonly body: Buffer } {
  const message = {
    ...head,
    get body() {
      return Buffer.from(JSON.stringify(value));
    },
  };
  values.set(message, value);
  return message;
}

/** @returns undefined where there is only a body */
export function valueIn(message: object): object | undefined {
  return values.get(message);
}
