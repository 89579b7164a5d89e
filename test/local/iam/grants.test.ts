/** The rights that lib/ grants, each taken away: what works without it does not need it. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import type { Assembly } from '../../../local/cloudformation/assembly.ts';
import { deploy } from '../../../local/cloudformation/deploy.ts';
import type { ResourceRequest } from '../../../local/cloudformation/emulator.ts';
import type { ResourceValues } from '../../../local/cloudformation/intrinsics.ts';
import { jsonObject } from '../../../local/cloudformation/template.ts';
import { Random } from '../../../local/faults/random.ts';
import { Authorizer } from '../../../local/iam/authorizer.ts';
import type { Right } from '../../../local/iam/policy/request.ts';
import { xmlErrorAnswer } from '../../../local/proxy/aws-call.ts';
import { createServices, simulatedClients } from '../../../proof/simulation/services/index.ts';
import { S3 } from '../../../proof/simulation/services/s3/s3.ts';
import { simulate } from '../../../proof/simulation/simulate.ts';
import { templatesOf } from '../../../proof/simulation/templates.ts';
import { soakContext } from '../../../proof/soak/options.ts';
import { accountId, region } from './support/policies.ts';

const environment = 'dev';
/** With a key of its own, so that what that takes is among the rights. */
const assembly = templatesOf(environment, { ...soakContext(environment), 'dev:encryption': 'own-key' });

/** Not by a call that is seen here: Lambda writes the logs itself. */
const byLambda = /^logs:/;
/** DynamoDB names them as the least for whoever writes a table; of which call takes which it says nothing. */
const namedByDynamoDb =
  /^kms:(DescribeKey|Encrypt|GenerateDataKeyWithoutPlaintext|ReEncryptFrom|ReEncryptTo)$/;

/**
 * Used too seldom for runs of a second, in which nobody is refunded, granted or overtaken at a write, no draw has more blocks than an
 * item holds, none lies further ahead than SQS delays a message, and no old events are replayed: function and action, and
 * how the resource ends.
 */
const seldom: readonly (readonly [what: string, on: string])[] = [
  ['dev-lottery-events dynamodb:GetItem', 'table/dev-lotteries'],
  ['dev-user-events dynamodb:BatchGetItem', 'table/dev-watermarks'],
  ['dev-user-events dynamodb:UpdateItem', 'table/dev-refunds'],
  ['dev-user-events dynamodb:UpdateItem', 'table/dev-grants'],
  ['dev-draw dynamodb:GetItem', 'table/dev-draws'],
  ['dev-draw dynamodb:GetItem', 'table/dev-refunds'],
  ['dev-draw dynamodb:PutItem', 'table/dev-refunds'],
  ['dev-draw s3:GetObject', '/lists/*'],
  ['dev-draw s3:PutObject', '/lists/*'],
  ['dev-draw kinesis:PutRecords', 'stream/dev-user-events-input'],
  ['dev-draw sqs:SendMessage', 'dev-ticks'],
  ['dev-ticks sqs:SendMessage', 'dev-ticks'],
];

interface Created {
  readonly request: ResourceRequest;
  readonly values: ResourceValues;
}

interface Grant extends Right {
  readonly functionName: string;
  /** The policy without it. */
  readonly without: Created;
}

const list = z.union([z.string().transform((one) => [one]), z.array(z.string())]);
const policySchema = z.looseObject({
  Roles: z.array(z.string()).length(1),
  PolicyDocument: z.object({ Statement: z.array(z.looseObject({ Action: list, Resource: list })) }),
});

/** Every resource, its intrinsics evaluated. */
async function createdIn({ stacks }: Assembly): Promise<Created[]> {
  const created: Created[] = [];
  const random = new Random(1, 'services');
  const services = createServices({
    now: () => 0,
    random,
    region,
    accountId,
    staleMs: 0,
    stampJitterMs: () => 0,
  });
  const at = 'https://localhost';
  await deploy(stacks, {
    ...{ region, accountId, endpoints: { kinesis: at, dynamodb: at, sqs: at, s3: at } },
    clients: simulatedClients({ region, caller: 'test', send: async (call) => services.handle(call) }),
    assetPath: () => '',
    createFunction: () => {},
    createMapping: () => {},
    askFunction: async ({ event }) =>
      JSON.stringify({ ...event, Status: 'SUCCESS', PhysicalResourceId: 'asked', Data: { PublicKey: '' } }),
    authorizer: {
      collect: ({ stackName, logicalId, type, properties }, values) =>
        created.push({ request: { stackName, logicalId, type, properties }, values }),
      deployed: () => {},
      checkCallsOf: () => {},
    },
    warn: () => {},
  });
  return created;
}

/** One for each action on each resource. */
function grantsIn(created: readonly Created[]): Grant[] {
  const policies = created.filter(({ request }) => request.type === 'AWS::IAM::Policy');
  return policies.flatMap((policy) => {
    const { Roles, PolicyDocument } = policySchema.parse(policy.request.properties);
    const functionName = functionOf(Roles[0] ?? '', created);
    return PolicyDocument.Statement.flatMap((statement, index) =>
      statement.Action.flatMap((action) =>
        statement.Resource.map((resource) => {
          // What is left of the statement: the other actions on all, and the action on the others.
          const left = [
            { ...statement, Action: statement.Action.filter((other) => other !== action) },
            {
              ...statement,
              Action: [action],
              Resource: statement.Resource.filter((other) => other !== resource),
            },
          ].filter(({ Action, Resource }) => Action.length > 0 && Resource.length > 0);
          const Statement = PolicyDocument.Statement.toSpliced(index, 1, ...left);
          const properties = jsonObject.parse({ Roles, PolicyDocument: { Statement } });
          return {
            action,
            resource,
            functionName,
            without: { ...policy, request: { ...policy.request, properties } },
          };
        }),
      ),
    );
  });
}

function functionOf(roleName: string, created: readonly Created[]): string {
  const role = created.find(({ values }) => values.ref === roleName)?.values.attributes.Arn;
  const found = created.find(
    ({ request }) => request.type === 'AWS::Lambda::Function' && request.properties.Role === role,
  );
  return found?.values.ref ?? '';
}

interface Used extends Right {
  readonly functionName: string;
}

const nameOf = ({ functionName, action, resource }: Used) => `${functionName} ${action} ${resource}`;

/** A refusal names the object, a grant all those of a folder. */
function isOf(grant: Grant, refused: string): boolean {
  const name = nameOf(grant);
  return name.endsWith('*') ? refused.startsWith(name.slice(0, -1)) : refused === name;
}

/** The first block that is read is not there at that time: only of what is absent is it asked who may list the bucket. */
function hideABlock(): void {
  const original = S3.prototype.answer;
  let isHidden = false;
  vi.spyOn(S3.prototype, 'answer').mockImplementation(function (this: S3, call) {
    const isFirst = !isHidden && call.method === 'GET' && call.caller.startsWith('dev-draw.');
    if (!isFirst) return original.call(this, call);
    isHidden = true;
    return xmlErrorAnswer(404, 'NoSuchKey', 'The specified key does not exist.');
  });
}

/** The rights that the functions use in a simulated run: one whose outputs are aggregated has the most. */
async function usedIn(seed: number): Promise<Used[]> {
  hideABlock();
  const used = new Map<string, Used>();
  const original = Authorizer.prototype.refusalOf;
  vi.spyOn(Authorizer.prototype, 'refusalOf').mockImplementation(function (
    this: Authorizer,
    functionName,
    rights,
  ) {
    for (const right of rights) used.set(nameOf({ ...right, functionName }), { ...right, functionName });
    return original.call(this, functionName, rights);
  });
  const { violations, undrained } = await simulate({ seed, events: 150, environment, assembly });
  expect({ seed, violations, undrained }).toEqual({ seed, violations: [], undrained: [] });
  return [...used.values()];
}

/** What is refused of all that the functions do, or in one line at the start. */
function refusedWithout({ without }: Grant, created: readonly Created[], used: readonly Used[]): string[] {
  const refused: string[] = [];
  const authorizer = new Authorizer({
    region,
    accountId,
    onRefusal: (refusal) => refused.push(nameOf(refusal)),
  });
  for (const one of created) {
    const { request, values } = one.request.logicalId === without.request.logicalId ? without : one;
    authorizer.collect(request, values);
  }
  try {
    authorizer.deployed();
  } catch (error) {
    return [String(error)];
  }
  for (const { functionName, ...right } of used) authorizer.refusalOf(functionName, [right]);
  return refused;
}

afterEach(() => vi.restoreAllMocks());

describe('the grants of lib/', () => {
  it('are all needed: without any of them it is missed by its name, and nothing else is', async () => {
    const created = await createdIn(assembly);
    const grants = grantsIn(created).filter(
      ({ action }) => !byLambda.test(action) && !namedByDynamoDb.test(action),
    );
    const used = await usedIn(2);
    const grantsOf = ([what, on]: (typeof seldom)[number]) =>
      grants.filter((grant) => nameOf(grant).startsWith(`${what} `) && grant.resource.endsWith(on));
    for (const each of seldom) {
      const found = grantsOf(each);
      expect(found, each.join(' on ')).toHaveLength(1);
      used.push(...found);
    }
    for (const grant of grants) {
      const refused = refusedWithout(grant, created, used);
      const { action, resource } = grant;
      const onMapping = `not authorized to perform ${action} on ${resource.replace(/\*$/, '')}`;
      if (refused[0]?.includes(onMapping)) continue;
      // A key's use is refused wherever a right takes it, by the key's name each time.
      const missed = refused.map((name) => (isOf(grant, name) ? nameOf(grant) : name));
      expect([...new Set(missed)]).toEqual([nameOf(grant)]);
    }
  });
});

it('a run whose template lacks one ends with its name', async () => {
  const text = JSON.stringify(assembly.stacks).replaceAll(
    '"dynamodb:PartiQLUpdate"',
    '"dynamodb:PartiQLSelect"',
  );
  const lacking = { ...assembly, stacks: JSON.parse(text) };
  await expect(simulate({ seed: 1, events: 100, environment, assembly: lacking })).rejects.toThrow(
    /^AccessDenied: the role \S+ of dev-user-events is not authorized to perform dynamodb:PartiQLUpdate on \S+table\/dev-users because/,
  );
});
