import { type OuterName, outerOutput } from '../streams/open.ts';
import { EnvironmentError } from './environment-error.ts';
import type { Environment } from './open.ts';

/** The value of an output. @throws EnvironmentError where the stacks have none of that name: they are of another version */
export function outputOf({ name, outputs }: Pick<Environment, 'name' | 'outputs'>, output: string): string {
  const value = outputs[output];
  if (value === undefined)
    throw new EnvironmentError(`The stacks of ${name} have no output ${output}: they are of another version`);
  return value;
}

/** The physical name of an outer stream. @throws EnvironmentError as `outputOf` */
export function outerOf(environment: Pick<Environment, 'name' | 'outputs'>, name: OuterName): string {
  return outputOf(environment, outerOutput(environment.outputs, name));
}
