import { EventEmitter, once } from 'node:events';
import { PassThrough } from 'node:stream';
import { describe, expect, it, vi } from 'vitest';
import { View } from '../../../cli/view/view.ts';
import { systemClock } from '../../../local/clock.ts';
import type { Runtime } from '../../../local/runtime-options.ts';
import { partial } from '../../support/partials.ts';
