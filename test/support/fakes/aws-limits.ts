/** What AWS refuses, and with it the whole call: the fakes of the ports refuse it too. */

/** DynamoDB Developer Guide, "Constraints": a partition key has 1 to 2048 bytes. */
export function checkKey(key: string): void {
  const bytes = Buffer.byteLength(key);
  if (bytes < 1 || bytes > 2048) throw new Error(`A key of DynamoDB cannot have ${bytes} bytes`);
  checkText(key);
}

/** DynamoDB Developer Guide, "Constraints": the name of an attribute has 1 byte to 64 KB. */
export function checkAttributeName(name: string): void {
  const bytes = Buffer.byteLength(name);
  if (bytes < 1 || bytes > 65_535) throw new Error(`A name of DynamoDB cannot have ${bytes} bytes`);
  checkText(name);
}

/** Kinesis API reference, PutRecords: a partition key has 1 to 256 characters. */
export function checkPartitionKey(key: string): void {
  if (key.length < 1 || key.length > 256) {
    throw new Error(`A partition key of Kinesis cannot have ${key.length} characters`);
  }
  checkText(key);
}

/** A lone surrogate has no UTF-8: what arrives is another text. */
function checkText(text: string): void {
  if (!text.isWellFormed()) throw new Error('The text is not well-formed Unicode');
}
