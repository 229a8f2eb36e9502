import * as path from 'path';
import * as vscode from 'vscode';
import { LanguageClient, RevealOutputChannelOn } from 'vscode-languageclient/node';

import { includePatterns } from './includes';
import { checkProgram, findProgram, surroundings } from './program';

const LANGUAGE = 'flux-identity';
const ROOT = 'identity.flux';

let client: LanguageClient | undefined;
/** Starts and stops follow one another. */
let work: Promise<void> = Promise.resolve();

export function activate(context: vscode.ExtensionContext): void {
  context.subscriptions.push(
    vscode.commands.registerCommand('flux-identity.restart', restart),
    vscode.workspace.onDidChangeConfiguration(change => change.affectsConfiguration('flux-identity.path') && restart()),
    // The server learns the folders when it starts.
    vscode.workspace.onDidChangeWorkspaceFolders(restart),
    vscode.workspace.onDidOpenTextDocument(setLanguageOfIncluded),
    vscode.workspace.onDidSaveTextDocument(({ fileName }) => path.basename(fileName) === ROOT && setLanguages()),
  );
  setLanguages();
  void restart();
}

export function deactivate(): Promise<void> {
  return inOrder(stop);
}

function restart(): Promise<void> {
  return inOrder(async () => {
    await stop();
    await start();
  });
}

function inOrder(step: () => Promise<void>): Promise<void> {
  // The message stays until someone reads it, and nothing waits for that.
  work = work.then(step).catch(error => void complain(error));
  return work;
}

async function stop(): Promise<void> {
  const stopped = client;
  client = undefined;
  await stopped?.dispose();
}

async function start(): Promise<void> {
  const setting = vscode.workspace.getConfiguration('flux-identity').get<string>('path', '').trim();
  const command = findProgram(setting, surroundings());
  await checkProgram(command);
  const server = { command, args: ['lsp'], options: { cwd: directory() } };
  const started = new LanguageClient(LANGUAGE, LANGUAGE, server, {
    documentSelector: [{ scheme: 'file', language: LANGUAGE }],
    revealOutputChannelOn: RevealOutputChannelOn.Never,
  });
  await started.start();
  client = started;
}

/** Where the server works. It reads no files outside of the folders that are open, or of this directory if none is. */
function directory(): string | undefined {
  const document = vscode.workspace.textDocuments.find(({ languageId }) => languageId === LANGUAGE);
  return vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? (document && path.dirname(document.uri.fsPath));
}

async function complain(error: unknown): Promise<void> {
  const message = error instanceof Error ? error.message : String(error);
  const settings = 'Open Settings';
  const choice = await vscode.window.showErrorMessage(`The language server did not start: ${message}`, settings);
  if (choice === settings) {
    await vscode.commands.executeCommand('workbench.action.openSettings', 'flux-identity.path');
  }
}

function setLanguages(): void {
  vscode.workspace.textDocuments.forEach(setLanguageOfIncluded);
}

/** Files that a root source includes are of its language, whatever they are called. No other files `*.flux` are. */
async function setLanguageOfIncluded(document: vscode.TextDocument): Promise<void> {
  const { uri, languageId, fileName } = document;
  if (uri.scheme !== 'file' || languageId === LANGUAGE || path.extname(fileName) !== '.flux') {
    return;
  }
  const folder = vscode.workspace.getWorkspaceFolder(uri);
  if (folder !== undefined && await isIncluded(document, folder.uri)) {
    await vscode.languages.setTextDocumentLanguage(document, LANGUAGE);
  }
}

/** True if the nearest root source above the document that includes any files includes it. */
async function isIncluded(document: vscode.TextDocument, folder: vscode.Uri): Promise<boolean> {
  let directory = vscode.Uri.joinPath(document.uri, '..');
  for (;;) {
    const source = await text(vscode.Uri.joinPath(directory, ROOT));
    const patterns = includePatterns(source ?? '').map(pattern => new vscode.RelativePattern(directory, pattern));
    if (patterns.some(pattern => vscode.languages.match({ pattern }, document) > 0)) {
      return true;
    }
    if (directory.path === folder.path || directory.path === '/') {
      return false;
    }
    directory = vscode.Uri.joinPath(directory, '..');
  }
}

/** The text of a file, as it is in the editor if it is open there. */
async function text(uri: vscode.Uri): Promise<string | undefined> {
  const open = vscode.workspace.textDocuments.find(document => document.uri.toString() === uri.toString());
  if (open !== undefined) {
    return open.getText();
  }
  try {
    return new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
  } catch {
    return undefined;
  }
}
