import { AsyncLocalStorage } from 'node:async_hooks';
import type { OpenClients } from '../../../client/environment/clients.ts';
import { streamOfIterator } from '../../../local/iam/rights/iterators.ts';

/** Whose calls they are; those of nobody are a test's own. */
export const during = new AsyncLocalStorage<string>();

/** The rights that calls took, in the words of test/lib/rights.ts, by whoever made them. */
export const rightsTaken = new Map<string, Set<string>>();

type Input = Readonly<Record<string, unknown>>;

/** The same clients, which note what rights their calls take. */
export function recorded({ clients, destroy }: OpenClients): OpenClients {
  return {
    destroy,
    clients: {
      kinesis: noting(clients.kinesis, 'kinesis', ({ StreamName, ShardIterator }) => [
        `Streams${plain(StreamName ?? streamOfIterator(String(ShardIterator)))}`,
      ]),
      dynamodb: noting(clients.dynamodb, 'dynamodb', ({ TableName, RequestItems = {} }) =>
        (TableName === undefined ? Object.keys(Object(RequestItems)) : [TableName]).map(
          (table) => `Tables${plain(table)}`,
        ),
      ),
      s3: noting(clients.s3, 's3', ({ Bucket, Key }) => [`${bucketOf(Bucket)}${folderOf(Key)}`]),
      sqs: noting(clients.sqs, 'sqs', () => ['TicksQueue']),
      lambda: noting(clients.lambda, 'lambda', () => []),
      cloudFormation: noting(clients.cloudFormation, 'cloudformation', () => []),
      cloudWatch: noting(clients.cloudWatch, 'cloudwatch', () => []),
    },
  };
}

/** @param resourcesOf none: the action is all that is noted */
function noting<Client extends { send: (...parameters: never[]) => unknown }>(
  client: Client,
  service: string,
  resourcesOf: (input: Input) => string[],
): Client {
  const send = (command: { input: Input }, ...more: unknown[]) => {
    const action = `${service}:${actionOf(command.constructor.name)}`;
    const resources = resourcesOf(command.input);
    const whose = during.getStore();
    if (whose !== undefined) {
      const taken = rightsTaken.get(whose) ?? new Set();
      rightsTaken.set(whose, taken);
      for (const on of resources.length === 0 ? [''] : resources)
        taken.add(on ? `${action} on ${on}` : action);
    }
    return Reflect.apply(client.send, client, [command, ...more]);
  };
  return new Proxy(client, {
    get: (target, key) => (key === 'send' ? send : Reflect.get(target, key, target)),
  });
}

/** Where the action is not called like the command. */
const actions: Readonly<Record<string, string>> = {
  BatchGetCommand: 'BatchGetItem',
  GetCommand: 'GetItem',
  ListObjectsV2Command: 'ListBucket',
};

function actionOf(command: string): string {
  return actions[command] ?? command.replace(/Command$/, '');
}

/** `dev-user-events-input`: as it is in logical ids. */
function plain(name: unknown): string {
  return String(name).replace(/^dev-/, '').replaceAll('-', '');
}

function bucketOf(name: unknown): string {
  return /artifacts/i.test(String(name)) ? 'ArtifactsBucket' : 'DrawsBucket';
}

function folderOf(key: unknown): string {
  return typeof key === 'string' ? `/${key.slice(0, key.indexOf('/'))}/*` : '';
}
