import { attributePath, intrinsicCall } from './intrinsics.ts';
import { isObject, type Json, type Template } from './template.ts';

/**
 * The logical ids in an order in which each comes after those it refers to (Ref, Fn::GetAtt, Fn::Sub) or
 * names in DependsOn: the order in which CloudFormation creates them.
 * @throws Error that names the resources of a circle.
 */
export function creationOrder({ Resources }: Template): string[] {
  const order = new Set<string>();
  const visit = (id: string, path: readonly string[]) => {
    const resource = Resources[id];
    if (resource === undefined || order.has(id)) return;
    if (path.includes(id)) throw new Error(`Resources refer to each other: ${[...path, id].join(' -> ')}`);
    for (const other of [...resource.DependsOn, ...references(resource.Properties)])
      visit(other, [...path, id]);
    order.add(id);
  };
  for (const id of Object.keys(Resources)) visit(id, []);
  return [...order];
}

/** Every name that the value refers to; pseudo parameters and parameters are among them. */
function references(value: Json): string[] {
  if (Array.isArray(value)) return value.flatMap(references);
  if (!isObject(value)) return [];
  const [name, argument] = intrinsicCall(value) ?? [];
  if (argument !== undefined) {
    if (name === 'Ref' && typeof argument === 'string') return [argument];
    if (name === 'Fn::GetAtt') return attributePath(argument)?.slice(0, 1) ?? [];
    if (name === 'Fn::Sub') return [...namesInPattern(argument), ...references(argument)];
  }
  return Object.values(value).flatMap(references);
}

function namesInPattern(argument: Json): string[] {
  const pattern = Array.isArray(argument) ? argument[0] : argument;
  if (typeof pattern !== 'string') return [];
  return [...pattern.matchAll(/\$\{([^!}.]+)[^}]*\}/g)].flatMap(([, name]) => name ?? []);
}
