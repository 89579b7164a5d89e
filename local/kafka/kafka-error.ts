/** What keeps a broker from being used, in a line for whoever started it. */
export class KafkaError extends Error {
  override readonly name = 'KafkaError';
}
