// Bundles the extension with the libraries that it uses, and their licences. With `--tests`, bundles its tests instead.

import { build } from 'esbuild';
import { copyFileSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const common = { bundle: true, platform: 'node', target: 'node20', external: ['vscode'], logLevel: 'warning' };

if (process.argv.includes('--tests')) {
  const entryPoints = readdirSync('tests').filter(name => name.endsWith('.test.ts')).map(name => `tests/${name}`);
  await build({ ...common, entryPoints, outdir: 'dist/tests' });
} else {
  rmSync('dist', { recursive: true, force: true });
  const { metafile } = await build({
    ...common, entryPoints: ['src/extension.ts'], outfile: 'dist/extension.js', minify: true, metafile: true,
  });
  const folder = input => input.match(/^.*node_modules\/(?:@[^/]+\/)?[^/]+/)?.[0];
  const packages = new Set(Object.keys(metafile.inputs).map(folder).filter(Boolean));
  writeFileSync('dist/licenses.txt', [...packages].sort().map(license).join('\n'));
  copyFileSync('../../LICENSE', 'LICENSE');
}

function license(folder) {
  const { name, version } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
  const file = readdirSync(folder).find(name => /^licen[cs]e/i.test(name));
  if (file === undefined) {
    throw new Error(`${folder} has no licence`);
  }
  return `${name} ${version}\n\n${readFileSync(path.join(folder, file), 'utf8').trim()}\n`;
}
