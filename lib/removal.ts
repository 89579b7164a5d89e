import { RemovalPolicy } from 'aws-cdk-lib';
import type { Settings } from './settings.ts';

/**
 * What becomes of a resource that holds data when its stack is deleted. One that a failed first deployment made
 * goes with it: it holds nothing yet, and its name would be taken when the deployment is repeated.
 */
export function removalPolicy(settings: Settings): RemovalPolicy {
  return settings.removalPolicy === 'retain'
    ? RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE
    : RemovalPolicy.DESTROY;
}
