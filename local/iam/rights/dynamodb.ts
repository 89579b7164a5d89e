import type { Right } from '../policy/request.ts';
import { targetOf } from './partiql.ts';
import { arnOf, NO_RESOURCE, type Scope } from './scope.ts';

type Body = Readonly<Record<string, unknown>>;

const nothing: Body = {};
/** What a body has in its place, of whatever kind it is. */
const object = (value: unknown): Body => (isObject(value) ? value : nothing);
const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** What the parts of a transaction take (Developer Guide, Using IAM with transactions). */
const partActions: Readonly<Record<string, string>> = {
  ConditionCheck: 'ConditionCheckItem',
  Delete: 'DeleteItem',
  Get: 'GetItem',
  Put: 'PutItem',
  Update: 'UpdateItem',
};

/** Elsewhere the name of an index is a member that the service does not look at. */
const ofIndexes = new Set(['Query', 'Scan', 'DescribeContributorInsights', 'UpdateContributorInsights']);

/**
 * Service Authorization Reference, DynamoDB: the action is called like the operation and the resource is the table, or its
 * index; a batch takes its own action on each table, a transaction those of its parts, PartiQL one by the kind of statement
 * (Developer Guide, IAM security policies with PartiQL).
 */
export function dynamodbRights(operation: string, body: Body, scope: Scope): Right[] {
  switch (operation) {
    case 'BatchGetItem':
    case 'BatchWriteItem':
      return Object.keys(object(body.RequestItems)).map((table) => ({
        action: `dynamodb:${operation}`,
        resource: tableArn(table, scope),
      }));
    case 'TransactGetItems':
    case 'TransactWriteItems':
      return list(body.TransactItems).flatMap((item) => partRights(object(item), scope));
    case 'ExecuteStatement':
      return statementRights(body, scope);
    case 'BatchExecuteStatement':
      return statementsOf(body).flatMap((statement) => statementRights(statement, scope));
    case 'ExecuteTransaction':
      return list(body.TransactStatements).flatMap((statement) => statementRights(object(statement), scope));
    default:
      return namedRights(operation, body, scope);
  }
}

/** The statements of a `BatchExecuteStatement`, of which each is answered for itself. */
export function statementsOf({ Statements }: Body): Body[] {
  return list(Statements).map((statement) => object(statement));
}

/** None for what is no statement: DynamoDB refuses that whoever asks. */
export function statementRights({ Statement }: Body, scope: Scope): Right[] {
  const target = typeof Statement === 'string' ? targetOf(Statement) : undefined;
  if (target === undefined) return [];
  const { verb, table, index } = target;
  return [{ action: `dynamodb:PartiQL${verb}`, resource: resourceOf(table, index, scope) }];
}

function partRights(item: Body, scope: Scope): Right[] {
  return Object.entries(item).flatMap(([kind, part]) =>
    namedRights(partActions[kind] ?? kind, object(part), scope),
  );
}

/** Where a table and an ARN are there, on both, whichever the service goes by. */
function namedRights(operation: string, { TableName, IndexName, ResourceArn }: Body, scope: Scope): Right[] {
  const index = typeof IndexName === 'string' && ofIndexes.has(operation) ? IndexName : undefined;
  const named = [
    ...(typeof TableName === 'string' ? [resourceOf(TableName, index, scope)] : []),
    ...(typeof ResourceArn === 'string' ? [ResourceArn] : []),
  ];
  const resources = named.length > 0 ? named : [NO_RESOURCE];
  return resources.map((resource) => ({ action: `dynamodb:${operation}`, resource }));
}

function resourceOf(table: string, index: string | undefined, scope: Scope): string {
  const arn = tableArn(table, scope);
  return index === undefined ? arn : `${arn}/index/${index}`;
}

/** A table may be named by its ARN. */
function tableArn(table: string, scope: Scope): string {
  return table.startsWith('arn:') ? table : arnOf('dynamodb', scope, `table/${table}`);
}

function isObject(value: unknown): value is Body {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
