import type { IncomingMessage, RequestListener } from 'node:http';
import { text } from 'node:stream/consumers';
import type { DeployedStack } from './deploy.ts';

/** What the API speaks about. */
export interface StacksApiContext {
  region: string;
  accountId: string;
  /** Those that are deployed by now. */
  stacks: readonly DeployedStack[];
  /** Of all of them, ms. */
  createdAt: number;
}

const NAMESPACE = 'http://cloudformation.amazonaws.com/doc/2010-05-15/';
const FORM = 'application/x-www-form-urlencoded';

/** Calls of this protocol (AWS Query) are forms; of what else is played on the shared port nothing is. */
export function isForCloudFormation({ method, headers }: IncomingMessage): boolean {
  return method === 'POST' && (headers['content-type'] ?? '').startsWith(FORM);
}

/** As much of CloudFormation's API as it takes to find what stacks have made: DescribeStacks (CloudFormation API reference). */
export function stacksApi(context: StacksApiContext): RequestListener {
  return (request, response) => {
    const answering = text(request).then((body) => {
      const { status, xml } = answer(new URLSearchParams(body), context);
      response.writeHead(status, { 'content-type': 'text/xml' });
      response.end(xml);
    });
    // A caller that goes away ends its own request only.
    answering.catch(() => response.destroy());
  };
}

interface Answer {
  status: number;
  xml: string;
}

function answer(parameters: URLSearchParams, context: StacksApiContext): Answer {
  const action = parameters.get('Action');
  if (action !== 'DescribeStacks') return refusal('InvalidAction', `Not played here: ${action}`);
  const name = parameters.get('StackName');
  const { stacks } = context;
  const found = name === null ? stacks : stacks.filter((stack) => isNamed(stack, name, context));
  if (name !== null && found.length === 0)
    return refusal('ValidationError', `Stack with id ${name} does not exist`);
  const members = found.map((stack) => `<member>${described(stack, context)}</member>`).join('');
  return {
    status: 200,
    xml:
      `<DescribeStacksResponse xmlns="${NAMESPACE}"><DescribeStacksResult><Stacks>${members}</Stacks>` +
      '</DescribeStacksResult><ResponseMetadata><RequestId>local</RequestId></ResponseMetadata></DescribeStacksResponse>',
  };
}

function isNamed({ name }: DeployedStack, nameOrId: string, context: StacksApiContext): boolean {
  return name === nameOrId || idOf(name, context) === nameOrId;
}

function described({ name, outputs }: DeployedStack, context: StacksApiContext): string {
  const members = Object.entries(outputs).map(
    ([key, value]) => `<member>${element('OutputKey', key)}${element('OutputValue', value)}</member>`,
  );
  return [
    element('StackId', idOf(name, context)),
    element('StackName', name),
    element('CreationTime', new Date(context.createdAt).toISOString()),
    element('StackStatus', 'CREATE_COMPLETE'),
    `<Outputs>${members.join('')}</Outputs>`,
  ].join('');
}

/** As the pseudo parameter `AWS::StackId` has it. */
function idOf(name: string, { region, accountId }: StacksApiContext): string {
  return `arn:aws:cloudformation:${region}:${accountId}:stack/${name}/local`;
}

function refusal(code: string, message: string): Answer {
  const error = `${element('Type', 'Sender')}${element('Code', code)}${element('Message', message)}`;
  return {
    status: 400,
    xml: `<ErrorResponse xmlns="${NAMESPACE}"><Error>${error}</Error><RequestId>local</RequestId></ErrorResponse>`,
  };
}

function element(name: string, value: string): string {
  return `<${name}>${escaped(value)}</${name}>`;
}

/** What XML 1.0 cannot hold even as a reference is replaced. */
function escaped(value: string): string {
  return value
    .replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
    .replace(/[\r\n\t]/g, (character) => `&#${character.charCodeAt(0)};`)
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '\ufffd');
}
