import { streamsContract } from './streams-contract.ts';
import { engineBackend, inMemoryBackend } from './support/service-backends.ts';

for (const { name, start } of [engineBackend('kinesalite'), inMemoryBackend]) streamsContract(name, start);
