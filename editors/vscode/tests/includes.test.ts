import assert from 'node:assert/strict';
import test from 'node:test';

import { includePatterns } from '../src/includes';

test('the patterns of a source are those of its include statements', () => {
  const source = [
    'include "teams/*.flux" # theirs',
    '\tinclude  "a.flux"\r',
    '# include "no.flux"',
    'let a = "include"',
    'include "half',
    'includes "no.flux"',
  ];
  assert.deepEqual(includePatterns(source.join('\n')), ['teams/*.flux', 'a.flux']);
});
