/** Where the program is. */

import { execFile } from 'child_process';
import * as fs from 'fs';
import * as os from 'os';
import * as path from 'path';
import { promisify } from 'util';

/** What the search for the program depends on. */
export interface Surroundings {
  platform: NodeJS.Platform;
  path: string;
  home: string;
  isFile: (file: string) => boolean;
}

const NAME = 'flux-identity';

/** Those of this process. */
export function surroundings(): Surroundings {
  return { platform: process.platform, path: process.env.PATH ?? '', home: os.homedir(), isFile };
}

function isFile(file: string): boolean {
  return fs.statSync(file, { throwIfNoEntry: false })?.isFile() ?? false;
}

/**
 * The absolute path of the program, or an error that says where it was looked for.
 *
 * A relative path would lead into the folder that is open, and on Windows the system searches that folder before `PATH`.
 * A repository must not choose what is run, so both are avoided.
 */
export function findProgram(setting: string, { platform, path: directories, home, isFile }: Surroundings): string {
  const paths = platform === 'win32' ? path.win32 : path.posix;
  if (setting !== '') {
    const file = setting.startsWith('~/') ? paths.join(home, setting.slice(2)) : setting;
    if (!paths.isAbsolute(file)) {
      throw new Error(`\`flux-identity.path\` is not an absolute path: ${setting}`);
    }
    if (!isFile(file)) {
      throw new Error(`\`flux-identity.path\` names no file: ${file}`);
    }
    return file;
  }
  const name = platform === 'win32' ? `${NAME}.exe` : NAME;
  const candidates = directories.split(paths.delimiter).filter(paths.isAbsolute).map(each => paths.join(each, name));
  const found = candidates.find(isFile);
  if (found === undefined) {
    throw new Error(`${NAME} is not in \`PATH\`: install it, or set \`flux-identity.path\``);
  }
  return found;
}

/** Fails if the file is not the program. The client of the language server would not say so in words that help. */
export async function checkProgram(file: string): Promise<void> {
  const run = promisify(execFile)(file, ['--version'], { timeout: 10_000, cwd: path.dirname(file) });
  const said = await run.then(({ stdout }) => stdout, (error: Error) => error.message);
  if (!said.startsWith(`${NAME} `)) {
    throw new Error(`${file} is not ${NAME}: \`--version\` says "${said.trim()}"`);
  }
}
