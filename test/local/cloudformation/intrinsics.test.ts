// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the placeholders are those of Fn::Sub
import { describe, expect, it } from 'vitest';
import { creationOrder } from '../../../local/cloudformation/creation-order.ts';
import { Intrinsics } from '../../../local/cloudformation/intrinsics.ts';
import { type Json, parseTemplate } from '../../../local/cloudformation/template.ts';

const template = parseTemplate('stack', {
  Parameters: { Size: { Type: 'String', Default: 'small' }, Open: { Type: 'String' } },
  Conditions: {
    InEurope: { 'Fn::Equals': [{ Ref: 'AWS::Region' }, 'eu-west-1'] },
    Elsewhere: { 'Fn::Not': [{ Condition: 'InEurope' }] },
    Both: { 'Fn::And': [{ Condition: 'InEurope' }, { Condition: 'Elsewhere' }] },
    Either: { 'Fn::Or': [{ Condition: 'InEurope' }, { Condition: 'Elsewhere' }] },
  },
  Resources: {},
});

function evaluate(value: Json): Json | undefined {
  const scope = {
    stackName: 'stack',
    template,
    pseudoParameters: { 'AWS::Region': 'eu-west-1' },
    resources: new Map([['Table', { ref: 'dev-users', attributes: { Arn: 'arn:table' } }]]),
    exports: new Map<string, Json>([['other:Arn', 'arn:other']]),
  };
  return new Intrinsics(scope, 'Function').evaluate(value);
}

describe('Intrinsics', () => {
  it.each<[string, Json, Json]>([
    ['Ref of a resource', { Ref: 'Table' }, 'dev-users'],
    ['Ref of a pseudo parameter', { Ref: 'AWS::Region' }, 'eu-west-1'],
    ['Ref of a parameter', { Ref: 'Size' }, 'small'],
    ['Fn::GetAtt as a list', { 'Fn::GetAtt': ['Table', 'Arn'] }, 'arn:table'],
    ['Fn::GetAtt as text', { 'Fn::GetAtt': 'Table.Arn' }, 'arn:table'],
    ['Fn::Join', { 'Fn::Join': ['/', ['a', { Ref: 'Table' }, 1]] }, 'a/dev-users/1'],
    [
      'Fn::Sub',
      { 'Fn::Sub': '${Table}|${Table.Arn}|${AWS::Region}|${!Literal}' },
      'dev-users|arn:table|eu-west-1|${Literal}',
    ],
    ['Fn::Sub with variables', { 'Fn::Sub': ['${Own}', { Own: { Ref: 'Table' } }] }, 'dev-users'],
    [
      'Fn::Select of Fn::Split',
      { 'Fn::Select': [1, { 'Fn::Split': [':', { 'Fn::GetAtt': 'Table.Arn' }] }] },
      'table',
    ],
    ['Fn::ImportValue', { 'Fn::ImportValue': 'other:Arn' }, 'arn:other'],
    ['Fn::If', { 'Fn::If': ['InEurope', 'yes', 'no'] }, 'yes'],
    ['Fn::If, not', { 'Fn::If': ['Elsewhere', 'yes', 'no'] }, 'no'],
    ['Fn::And', { 'Fn::If': ['Both', 'yes', 'no'] }, 'no'],
    ['Fn::Or', { 'Fn::If': ['Either', 'yes', 'no'] }, 'yes'],
    [
      'AWS::NoValue drops the property',
      { A: 1, B: { 'Fn::If': ['Elsewhere', 1, { Ref: 'AWS::NoValue' }] } },
      { A: 1 },
    ],
    [
      'a statement with a Condition of its own',
      { Condition: { Bool: { a: 'b' } } },
      { Condition: { Bool: { a: 'b' } } },
    ],
  ])('evaluates %s', (_, value, expected) => {
    expect(evaluate(value)).toEqual(expected);
  });

  it.each<[Json, string]>([
    [{ A: [{ 'Fn::Cidr': ['10.0.0.0/8', 1] }] }, 'stack/Function: the intrinsic Fn::Cidr is not supported'],
    [{ 'Fn::GetAtt': ['Table', 'StreamArn'] }, 'stack/Function: Fn::GetAtt Table.StreamArn is not supported'],
    [{ Ref: 'Open' }, 'stack/Function: Ref Open has no value'],
    [
      { 'Fn::ImportValue': 'nobody' },
      'stack/Function: Fn::ImportValue nobody: no stack before this one exports it',
    ],
    [{ 'Fn::Join': 'a' }, 'stack/Function: Fn::Join has an argument it cannot use: "a"'],
    [{ 'Fn::If': ['Missing', 1, 2] }, 'stack/Function: the condition Missing is not defined'],
  ])('stops at %j with its name', (value, message) => {
    expect(() => evaluate(value)).toThrow(message);
  });
});

describe('parseTemplate', () => {
  it('refuses what would change the meaning of the rest', () => {
    expect(() => parseTemplate('stack', { Resources: {}, Transform: 'AWS::Serverless' })).toThrow(
      /stack.*not supported.*Transform/s,
    );
  });
});

describe('creationOrder', () => {
  it('puts a resource after what it refers to, in every way of referring', () => {
    const { Resources } = {
      Resources: {
        A: { Type: 'T', DependsOn: 'B' },
        B: { Type: 'T', Properties: { X: { 'Fn::GetAtt': ['C', 'Arn'] } } },
        C: { Type: 'T', Properties: { X: [{ 'Fn::Sub': 'x-${D.Arn}-${E}' }] } },
        D: { Type: 'T', Properties: { X: { 'Fn::Join': ['', [{ Ref: 'F' }]] } } },
        E: { Type: 'T', Properties: { X: { 'Fn::Sub': ['${v}', { v: { Ref: 'F' } }] } } },
        F: { Type: 'T', Properties: { X: { Ref: 'AWS::Region' } } },
      },
    };
    expect(creationOrder(parseTemplate('stack', { Resources }))).toEqual(['F', 'D', 'E', 'C', 'B', 'A']);
  });

  it('names a circle', () => {
    const Resources = {
      A: { Type: 'T', DependsOn: ['B'] },
      B: { Type: 'T', Properties: { X: { Ref: 'A' } } },
    };
    expect(() => creationOrder(parseTemplate('stack', { Resources }))).toThrow('A -> B -> A');
  });
});
