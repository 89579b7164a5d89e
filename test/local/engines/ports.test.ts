import { createServer } from 'node:http';
import { expect, it } from 'vitest';
import { checkPorts } from '../../../local/engines/index.ts';
import { listen } from '../../../local/engines/running-engine.ts';
import { freePorts } from '../../integration/support/command.ts';

it.each([
  [0, 'kinesalite'],
  [1, 'dynalite'],
  [2, 'fauxqs'],
  [3, 'Lambda and KMS'],
])('says which port is taken before anything starts: port + %i, for %s', async (offset, listener) => {
  const port = await freePorts();
  await expect(checkPorts(port)).resolves.toBeUndefined();
  const other = await listen(createServer(), port + offset);
  try {
    await expect(checkPorts(port)).rejects.toThrow(`Port ${port + offset} (for ${listener}) is taken.`);
  } finally {
    await other.close();
  }
});
