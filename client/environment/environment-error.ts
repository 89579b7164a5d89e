/** There is no such environment, or it cannot be reached: in one line for the person at the command line. */
export class EnvironmentError extends Error {
  override readonly name = 'EnvironmentError';
}
