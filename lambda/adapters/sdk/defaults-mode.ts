/** In the place of what looks for AWS_DEFAULTS_MODE, and may ask the instance's metadata: the mode that it has without. */
export function resolveDefaultsModeConfig() {
  return async () => 'legacy';
}
