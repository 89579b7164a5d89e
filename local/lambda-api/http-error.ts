/** An error as Lambda's REST API answers it: status, type in a header, message in the body. */
export class ApiError extends Error {
  readonly status: number;
  readonly type: string;

  constructor(status: number, type: string, message: string) {
    super(message);
    this.name = 'ApiError';
    this.status = status;
    this.type = type;
  }
}

export const notFound = (message: string): ApiError =>
  new ApiError(404, 'ResourceNotFoundException', message);

export const invalid = (message: string): ApiError =>
  new ApiError(400, 'InvalidParameterValueException', message);
