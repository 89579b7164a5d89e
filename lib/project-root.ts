import { fileURLToPath } from 'node:url';

/** The directory of the app's cdk.json, with a slash at its end. */
export const projectRoot = fileURLToPath(new URL('..', import.meta.url));
