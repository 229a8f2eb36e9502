import assert from 'node:assert/strict';
import test from 'node:test';

import { checkProgram, findProgram, type Surroundings } from '../src/program';

function around(files: string[], changes: Partial<Surroundings> = {}): Surroundings {
  return { platform: 'linux', path: '/usr/bin:/opt/bin', home: '/home/a', isFile: file => files.includes(file), ...changes };
}

test('without a setting the program is the first in PATH', () => {
  const files = ['/opt/bin/flux-identity', '/usr/bin/flux-identity'];
  assert.equal(findProgram('', around(files)), '/usr/bin/flux-identity');
});

test('directories of PATH that depend on where one is are skipped', () => {
  const files = ['flux-identity', 'bin/flux-identity', '/opt/bin/flux-identity'];
  assert.equal(findProgram('', around(files, { path: ':.:bin:/opt/bin' })), '/opt/bin/flux-identity');
});

test('on Windows the program has an extension', () => {
  const windows = around(['C:\\bin\\flux-identity.exe'], { platform: 'win32', path: '.;C:\\bin' });
  assert.equal(findProgram('', windows), 'C:\\bin\\flux-identity.exe');
});

test('a program that is not there is an error that says what to do', () => {
  assert.throws(() => findProgram('', around([])), /^Error: flux-identity is not in `PATH`: install it, or set `flux-identity.path`$/);
});

test('the setting counts, in the home directory too', () => {
  const files = ['/home/a/bin/flux-identity', '/usr/bin/flux-identity'];
  assert.equal(findProgram('~/bin/flux-identity', around(files)), '/home/a/bin/flux-identity');
  assert.equal(findProgram('/usr/bin/flux-identity', around(files)), '/usr/bin/flux-identity');
});

test('a relative path is refused, though the file is there', () => {
  const message = /^Error: `flux-identity.path` is not an absolute path: \.\/flux-identity$/;
  assert.throws(() => findProgram('./flux-identity', around(['./flux-identity'])), message);
});

test('a setting that names no file is an error, though the program is in PATH', () => {
  assert.throws(() => findProgram('/a/b', around(['/usr/bin/flux-identity'])), /names no file: \/a\/b$/);
});

test('another program is not run as the language server', async () => {
  await assert.rejects(checkProgram(process.execPath), /is not flux-identity: `--version` says "v\d/);
});

test('a file that cannot be run is an error', async () => {
  await assert.rejects(checkProgram('/nowhere/flux-identity'), /is not flux-identity: `--version` says "spawn .* ENOENT"$/);
});
