export class PublishError extends Error {
  constructor(stream: string, count: number, attempts: number, cause: string) {
    super(
      `${count} records could not be put on ${stream}: nothing got through in ${attempts} attempts, ${cause}`,
    );
    this.name = 'PublishError';
  }
}
