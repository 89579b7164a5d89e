import { dynaliteEngine } from '../../support/dynamo-engine.ts';
import { stateTablesContract } from '../../support/state-tables-contract.ts';

stateTablesContract('dynalite', dynaliteEngine);
