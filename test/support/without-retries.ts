import type { Assembly } from '../../local/cloudformation/assembly.ts';

/** Mappings that give a batch up at its first failure; in production it is tried again without limit. Changes the templates. */
export function withoutRetries(assembly: Assembly): Assembly {
  for (const { template } of assembly.stacks) {
    for (const { Type, Properties } of Object.values(template.Resources)) {
      const isStreamMapping = Type === 'AWS::Lambda::EventSourceMapping' && 'StartingPosition' in Properties;
      if (isStreamMapping) Properties.MaximumRetryAttempts = 0;
    }
  }
  return assembly;
}
