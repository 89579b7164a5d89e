import { stateTablesContract } from './state-tables-contract.ts';
import { backends, clientOf } from './support/backends.ts';
import { inMemoryServices } from './support/in-memory-services.ts';

for (const { name, start } of await backends()) {
  stateTablesContract(name, async () => {
    const backend = await start();
    const client = clientOf(backend);
    return {
      client,
      stop: async () => {
        client.destroy();
        await backend.stop();
      },
    };
  });
}

stateTablesContract('the services in memory', async () => {
  const { clients } = inMemoryServices();
  return { client: clients.dynamodb, stop: async () => clients.destroy() };
});
