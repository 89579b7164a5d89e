import { z } from 'zod';
import { kmsArn } from '../iam/rights/kms.ts';
import type { Scope } from '../iam/rights/scope.ts';
import { type AwsAnswer, type AwsCall, errorAnswer } from '../proxy/aws-call.ts';
import type { KeyPair } from './key-pair.ts';

/** What the targets of its calls begin with. */
export const KMS_TARGET = 'TrentService.';

export const keySpecs = ['SYMMETRIC_DEFAULT', 'ECC_NIST_P256'] as const;

/** A key as its template has it. */
export interface KeyRequest {
  readonly keyId: string;
  readonly spec: (typeof keySpecs)[number];
  readonly isEnabled: boolean;
}

interface Key {
  readonly arn: string;
  /** Undefined for a symmetric one, which does nothing here. */
  readonly pair: KeyPair | undefined;
  isEnabled: boolean;
}

class RefusedError extends Error {
  readonly type: string;

  constructor(type: string, message: string) {
    super(message);
    this.type = type;
  }
}

const ALGORITHM = 'ECDSA_SHA_256';
const ALGORITHMS_OF_OTHERS = /^(ECDSA_SHA_(384|512)|RSASSA_(PSS|PKCS1_V1_5)_SHA_(256|384|512))$/;
/** API reference, Sign: a message that is not hashed yet. */
const MESSAGE_BYTES = 4096;

const keyId = z.string().min(1).max(2048);
const keySchema = z.strictObject({ KeyId: keyId });
const signSchema = z.strictObject({
  KeyId: keyId,
  Message: z.base64(),
  MessageType: z.enum(['RAW', 'DIGEST']).default('RAW'),
  SigningAlgorithm: z.string(),
});

/**
 * Keys of one account and region that sign (KMS API reference). It answers at once, and an operation or a parameter that is
 * not played with UnsupportedOperationException and its name.
 */
export class Kms {
  readonly #scope: Scope;
  readonly #pairOf: (keyId: string) => KeyPair;
  /** By ARN. */
  readonly #keys = new Map<string, Key>();
  /** ARNs of keys, by those of their aliases. */
  readonly #aliases = new Map<string, string>();
  readonly #operations: Readonly<Record<string, (input: unknown) => object>> = {
    Sign: (input) => this.#sign(read(signSchema, input)),
    GetPublicKey: (input) => this.#publicKey(read(keySchema, input)),
    EnableKey: (input) => this.#enable(read(keySchema, input), true),
    DisableKey: (input) => this.#enable(read(keySchema, input), false),
  };

  /** @param pairOf of a key id always the same pair */
  constructor(scope: Scope, pairOf: (keyId: string) => KeyPair) {
    this.#scope = scope;
    this.#pairOf = pairOf;
  }

  createKey({ keyId: id, spec, isEnabled }: KeyRequest): void {
    const arn = kmsArn(id, this.#scope);
    const pair = spec === 'ECC_NIST_P256' ? this.#pairOf(id) : undefined;
    this.#keys.set(arn, { arn, pair, isEnabled });
  }

  /** @param name `alias/<name>` @param target id or ARN of a key */
  createAlias(name: string, target: string): void {
    this.#aliases.set(kmsArn(name, this.#scope), kmsArn(target, this.#scope));
  }

  answer({ operation, body }: Pick<AwsCall, 'operation' | 'body'>): AwsAnswer {
    const run = Object.hasOwn(this.#operations, operation) ? this.#operations[operation] : undefined;
    try {
      if (run === undefined) throw notPlayed(operation);
      const answer = Buffer.from(JSON.stringify(run(parse(body))));
      return { status: 200, headers: { 'content-type': 'application/x-amz-json-1.1' }, body: answer };
    } catch (error) {
      if (error instanceof RefusedError) return errorAnswer(400, error.type, error.message);
      throw error;
    }
  }

  #sign({ KeyId, Message, MessageType, SigningAlgorithm }: z.output<typeof signSchema>): object {
    const { arn, pair } = this.#usable(KeyId, 'Sign');
    if (ALGORITHMS_OF_OTHERS.test(SigningAlgorithm)) {
      const message = `Algorithm ${SigningAlgorithm} is incompatible with key spec ECC_NIST_P256.`;
      throw new RefusedError('InvalidKeyUsageException', message);
    }
    if (SigningAlgorithm !== ALGORITHM) throw invalid('signingAlgorithm', 'is no signing algorithm');
    if (MessageType !== 'RAW') throw notPlayed(`MessageType ${MessageType}`);
    const message = Buffer.from(Message, 'base64');
    if (message.length < 1 || message.length > MESSAGE_BYTES) {
      throw invalid('message', `must have from 1 to ${MESSAGE_BYTES} bytes`);
    }
    return { KeyId: arn, Signature: pair.sign(message).toString('base64'), SigningAlgorithm };
  }

  #publicKey({ KeyId }: z.output<typeof keySchema>): object {
    const { arn, pair } = this.#usable(KeyId, 'GetPublicKey');
    const spec = 'ECC_NIST_P256';
    return {
      KeyId: arn,
      PublicKey: pair.publicKey.toString('base64'),
      ...{ KeySpec: spec, CustomerMasterKeySpec: spec, KeyUsage: 'SIGN_VERIFY' },
      SigningAlgorithms: [ALGORITHM],
    };
  }

  #enable({ KeyId }: z.output<typeof keySchema>, isEnabled: boolean): object {
    this.#key(KeyId).isEnabled = isEnabled;
    return {};
  }

  #usable(name: string, operation: string): Key & { readonly pair: KeyPair } {
    const { arn, pair, isEnabled } = this.#key(name);
    if (!isEnabled) throw new RefusedError('DisabledException', `${arn} is disabled.`);
    if (pair !== undefined) return { arn, pair, isEnabled };
    const message = `${arn} key usage is ENCRYPT_DECRYPT which is not valid for ${operation}.`;
    throw new RefusedError('InvalidKeyUsageException', message);
  }

  /** @param name id or ARN of the key, name or ARN of an alias */
  #key(name: string): Key {
    const arn = kmsArn(name, this.#scope);
    const key = this.#keys.get(this.#aliases.get(arn) ?? arn);
    if (key !== undefined) return key;
    const isAlias = arn.includes(':alias/');
    const message = isAlias ? `Alias ${arn} is not found.` : `Key '${arn}' does not exist`;
    throw new RefusedError('NotFoundException', message);
  }
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    throw new RefusedError('SerializationException', 'The request is not JSON');
  }
}

function read<Schema extends z.ZodType>(schema: Schema, input: unknown): z.output<Schema> {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  if (issue?.code === 'unrecognized_keys') throw notPlayed(issue.keys.join());
  throw invalid(issue?.path.join('.') || 'the request', issue?.message ?? 'is not valid');
}

function invalid(field: string, problem: string): RefusedError {
  return new RefusedError('ValidationException', `1 validation error detected: ${field}: ${problem}`);
}

function notPlayed(what: string): RefusedError {
  return new RefusedError('UnsupportedOperationException', `Not played here: ${what}`);
}
