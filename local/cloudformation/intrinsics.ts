import { isObject, type Json, type JsonObject, type Template } from './template.ts';

/** What a created resource answers to Ref and Fn::GetAtt. */
export interface ResourceValues {
  ref: string;
  attributes: Readonly<Record<string, string>>;
}

export interface EvaluationScope {
  stackName: string;
  template: Template;
  /** AWS::Region and the like. */
  pseudoParameters: Readonly<Record<string, string>>;
  /** The resources of this stack that exist so far. */
  resources: ReadonlyMap<string, ResourceValues>;
  /** What the stacks before this one exported. */
  exports: ReadonlyMap<string, Json>;
}

type Value = Json | undefined;

/** `undefined` stands for AWS::NoValue: the property that holds it is dropped. */
const NO_VALUE = 'AWS::NoValue';

/**
 * Evaluates the intrinsic functions of a template. One method each; what has none stops with its name.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html
 */
export class Intrinsics {
  readonly #scope: EvaluationScope;
  /** The resource or output being evaluated, for messages. */
  readonly #at: string;
  readonly #functions: Readonly<Record<string, (argument: Json) => Value>> = {
    Ref: (argument) => this.ref(argument),
    Condition: (argument) => this.condition(argument),
    'Fn::GetAtt': (argument) => this.getAtt(argument),
    'Fn::Join': (argument) => this.join(argument),
    'Fn::Sub': (argument) => this.sub(argument),
    'Fn::Select': (argument) => this.select(argument),
    'Fn::Split': (argument) => this.split(argument),
    'Fn::ImportValue': (argument) => this.importValue(argument),
    'Fn::If': (argument) => this.if(argument),
    'Fn::Equals': (argument) => this.equals(argument),
    'Fn::Not': (argument) => !this.#all(argument)[0],
    'Fn::And': (argument) => this.#all(argument).every(Boolean),
    'Fn::Or': (argument) => this.#all(argument).some(Boolean),
  };

  constructor(scope: EvaluationScope, at: string) {
    this.#scope = scope;
    this.#at = at;
  }

  /** @throws Error that names the stack, the resource and the intrinsic. */
  evaluate(value: Json): Value {
    if (Array.isArray(value)) {
      return value.map((item) => this.evaluate(item)).filter((item) => item !== undefined);
    }
    if (!isObject(value)) return value;
    const [name, argument] = intrinsicCall(value) ?? [];
    if (name === undefined || argument === undefined) return this.evaluateObject(value);
    const method = this.#functions[name];
    if (!method) throw this.#error(`the intrinsic ${name} is not supported`);
    return method(argument);
  }

  evaluateObject(value: JsonObject): JsonObject {
    const entries: [string, Json][] = [];
    for (const [key, item] of Object.entries(value)) {
      const evaluated = this.evaluate(item);
      if (evaluated !== undefined) entries.push([key, evaluated]);
    }
    return Object.fromEntries(entries);
  }

  ref(argument: Json): Value {
    const name = this.#text(argument, 'Ref');
    if (name === NO_VALUE) return undefined;
    const { pseudoParameters, resources, template } = this.#scope;
    const value = pseudoParameters[name] ?? resources.get(name)?.ref ?? template.Parameters[name]?.Default;
    if (value === undefined) throw this.#error(`Ref ${name} has no value`);
    return value;
  }

  getAtt(argument: Json): Value {
    const [id, attribute] = attributePath(argument) ?? [];
    if (id === undefined || attribute === undefined) throw this.#malformed('Fn::GetAtt', argument);
    const value = this.#scope.resources.get(id)?.attributes[attribute];
    if (value === undefined) throw this.#error(`Fn::GetAtt ${id}.${attribute} is not supported`);
    return value;
  }

  join(argument: Json): Value {
    const [delimiter, list] = this.#pair(argument, 'Fn::Join');
    const items = this.evaluate(list);
    if (typeof delimiter !== 'string' || !Array.isArray(items)) throw this.#malformed('Fn::Join', argument);
    return items.map((item) => this.#text(item, 'Fn::Join')).join(delimiter);
  }

  sub(argument: Json): Value {
    const [pattern, variables] = Array.isArray(argument) ? argument : [argument, {}];
    if (typeof pattern !== 'string' || !isObject(variables)) throw this.#malformed('Fn::Sub', argument);
    return pattern.replace(/\$\{(!?)([^}]+)\}/g, (_, literal: string, name: string) => {
      if (literal) return `\${${name}}`;
      const own = variables[name];
      if (own !== undefined) return this.#text(own, 'Fn::Sub');
      return this.#text(name.includes('.') ? { 'Fn::GetAtt': name } : { Ref: name }, 'Fn::Sub');
    });
  }

  select(argument: Json): Value {
    const [index, list] = this.#pair(argument, 'Fn::Select');
    const items = this.evaluate(list);
    const item = Array.isArray(items) ? items[Number(this.evaluate(index))] : undefined;
    if (item === undefined) throw this.#malformed('Fn::Select', argument);
    return item;
  }

  split(argument: Json): Value {
    const [delimiter, text] = this.#pair(argument, 'Fn::Split');
    if (typeof delimiter !== 'string') throw this.#malformed('Fn::Split', argument);
    return this.#text(text, 'Fn::Split').split(delimiter);
  }

  importValue(argument: Json): Value {
    const name = this.#text(argument, 'Fn::ImportValue');
    const value = this.#scope.exports.get(name);
    if (value === undefined)
      throw this.#error(`Fn::ImportValue ${name}: no stack before this one exports it`);
    return value;
  }

  if(argument: Json): Value {
    const [name, then, otherwise] = Array.isArray(argument) ? argument : [];
    if (name === undefined || then === undefined || otherwise === undefined) {
      throw this.#malformed('Fn::If', argument);
    }
    return this.evaluate(this.condition(name) ? then : otherwise);
  }

  equals(argument: Json): boolean {
    const [left, right] = this.#pair(argument, 'Fn::Equals');
    return JSON.stringify(this.evaluate(left)) === JSON.stringify(this.evaluate(right));
  }

  condition(argument: Json): boolean {
    const name = this.#text(argument, 'Condition');
    const definition = this.#scope.template.Conditions[name];
    if (definition === undefined) throw this.#error(`the condition ${name} is not defined`);
    return this.evaluate(definition) === true;
  }

  #all(argument: Json): boolean[] {
    if (!Array.isArray(argument)) throw this.#malformed('a condition function', argument);
    return argument.map((item) => this.evaluate(item) === true);
  }

  #pair(argument: Json, name: string): [Json, Json] {
    const [first, second] = Array.isArray(argument) ? argument : [];
    if (first === undefined || second === undefined) throw this.#malformed(name, argument);
    return [first, second];
  }

  #text(value: Json, name: string): string {
    const evaluated = this.evaluate(value);
    if (typeof evaluated === 'string') return evaluated;
    if (typeof evaluated === 'number') return String(evaluated);
    throw this.#malformed(name, value);
  }

  #malformed(name: string, argument: Json): Error {
    return this.#error(`${name} has an argument it cannot use: ${JSON.stringify(argument)}`);
  }

  #error(message: string): Error {
    return new Error(`${this.#scope.stackName}/${this.#at}: ${message}`);
  }
}

/** `{ "Fn::X": argument }`, the form of every intrinsic: an object with one key. */
export function intrinsicCall(value: JsonObject): [name: string, argument: Json] | undefined {
  const [entry, ...others] = Object.entries(value);
  if (entry === undefined || others.length > 0) return undefined;
  const [name, argument] = entry;
  // A policy statement's own "Condition" holds operators; the intrinsic's holds a condition's name.
  const isCall =
    name.startsWith('Fn::') || name === 'Ref' || (name === 'Condition' && typeof argument === 'string');
  return isCall ? [name, argument] : undefined;
}

/** `["Id", "Attribute"]` or `"Id.Attribute"`. */
export function attributePath(argument: Json): [id: string, attribute: string] | undefined {
  if (typeof argument === 'string') {
    const dot = argument.indexOf('.');
    return dot < 0 ? undefined : [argument.slice(0, dot), argument.slice(dot + 1)];
  }
  if (!Array.isArray(argument)) return undefined;
  const [id, attribute] = argument;
  return typeof id === 'string' && typeof attribute === 'string' ? [id, attribute] : undefined;
}
