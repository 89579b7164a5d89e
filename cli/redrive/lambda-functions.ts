import { GetFunctionConfigurationCommand, InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import type { Functions } from '../../client/redrive/resources.ts';

/** Functions by Lambda's API. */
export class LambdaFunctions implements Functions {
  readonly #lambda: LambdaClient;

  constructor(lambda: LambdaClient) {
    this.#lambda = lambda;
  }

  async variablesOf(functionName: string): Promise<Readonly<Record<string, string>>> {
    const command = new GetFunctionConfigurationCommand({ FunctionName: functionName });
    const { Environment } = await this.#lambda.send(command);
    return Environment?.Variables ?? {};
  }

  async invoke(functionName: string, event: object): Promise<unknown> {
    const Payload = Buffer.from(JSON.stringify(event));
    const answer = await this.#lambda.send(new InvokeCommand({ FunctionName: functionName, Payload }));
    const text = Buffer.from(answer.Payload ?? []).toString('utf8');
    if (answer.FunctionError !== undefined) throw new Error(`${functionName} failed: ${text}`);
    return JSON.parse(text);
  }
}
