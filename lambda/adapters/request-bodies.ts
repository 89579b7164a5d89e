/** How the body of an operation's request is made, in the place of the SDK's own way. */
export interface RequestBody<Input> {
  /** What is left to the SDK of the input: little, as the body that comes of it is not sent. */
  readonly leftOf: (input: Input) => object;
  /** JSON as UTF-8: the same values as in the SDK's. */
  readonly bodyOf: (input: Input) => Uint8Array;
}

interface Protocol {
  serializeRequest(operation: Operation, input: object, context: object): Promise<{ body?: unknown }>;
}

interface Operation {
  readonly name: string;
}

interface Client {
  readonly config: { readonly protocol?: unknown };
}

/**
 * The SDK writes JSON by the schema of an operation, character by character, into a buffer that grows as it goes. Where a
 * function has thousands of values to send, their own way is a third of that (docs/benchmarks.md). All else of a request, and
 * all other operations, stay the SDK's.
 * @param body of the operation that has this name
 * @throws Error when the SDK makes its requests otherwise
 */
export function withBody<SdkClient extends Client, Input extends object>(
  client: SdkClient,
  name: string,
  { leftOf, bodyOf }: RequestBody<Input>,
): SdkClient {
  const { protocol } = client.config;
  if (!isProtocol(protocol)) throw new Error('The client has no protocol that makes requests');
  const serialize = protocol.serializeRequest.bind(protocol);
  protocol.serializeRequest = async (operation, input, context) => {
    if (operation.name !== name) return serialize(operation, input, context);
    // The SDK gives an operation the input that its command was made with.
    const request = await serialize(operation, leftOf(input as Input), context);
    request.body = bodyOf(input as Input);
    return request;
  };
  return client;
}

function isProtocol(protocol: unknown): protocol is Protocol {
  return typeof protocol === 'object' && protocol !== null && 'serializeRequest' in protocol;
}
