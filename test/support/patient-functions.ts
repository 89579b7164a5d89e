import type { Assembly } from '../../local/cloudformation/assembly.ts';

/** As long as Lambda gives at most, in seconds. */
const LONGEST_TIMEOUT = 900;

/**
 * Functions that get the time they need: on a busy machine a batch may take longer than a test's settings allow, and
 * would then be tried again without end, or given up. Changes the assembly's templates.
 */
export function withPatientFunctions(assembly: Assembly): Assembly {
  for (const { template } of assembly.stacks) {
    for (const { Type, Properties } of Object.values(template.Resources)) {
      if (Type === 'AWS::Lambda::Function') Properties.Timeout = LONGEST_TIMEOUT;
    }
  }
  return assembly;
}
