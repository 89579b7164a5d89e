/**
 * In the place of what looks for a setting in `~/.aws/config` and `~/.aws/credentials`: Lambda has neither, and settings are variables.
 * @returns what has the SDK go on with its default
 */
export function fromSharedConfigFiles() {
  return async () => {
    throw Object.assign(new Error('There are no files of settings'), { tryNextLink: true });
  };
}
