// Drives VS Code in a browser through a fleet, as a person who makes a mistake would.
//
//     drive.mjs URL DIRECTORY CHROMIUM SCREENSHOT
//
// DIRECTORY holds the fleet, and the data of VS Code.

import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { chromium } from 'playwright-core';

const [url, directory, executablePath, screenshot] = process.argv.slice(2);
const fleet = path.join(directory, 'fleet');
const settings = path.join(directory, 'data', 'Machine', 'settings.json');
const started = performance.now();

const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
const page = await browser.newPage({ viewport: { width: 960, height: 760 } });
page.setDefaultTimeout(60_000);
const problem = page.locator('.markers-panel-container .monaco-list-row', { hasText: 'F0106' });

function done(what) {
  console.log(`${((performance.now() - started) / 1000).toFixed(1).padStart(5)} s  ${what}`);
}

/** Waits for what does not show in the page. */
async function until(what, condition) {
  for (let tries = 0; tries < 100; tries += 1) {
    if (condition()) return;
    await sleep(100);
  }
  assert.fail(`waited in vain for ${what}`);
}

async function open(name) {
  await page.keyboard.press('Control+P');
  await page.locator('.quick-input-widget input').fill(name);
  await page.locator('.quick-input-list .monaco-list-row.focused', { hasText: path.basename(name) }).waitFor();
  await page.keyboard.press('Enter');
  await page.locator('.tab.active', { hasText: path.basename(name) }).waitFor();
}

async function goTo(line, column) {
  await page.keyboard.press('Control+G');
  await page.locator('.quick-input-widget input').fill(`:${line}:${column}`);
  await page.keyboard.press('Enter');
  await page.locator('.quick-input-widget').waitFor({ state: 'hidden' });
  await page.locator('.monaco-editor.focused').waitFor();
}

/** What appears over the last occurrence of a word. */
async function hover(word, expected) {
  const place = page.locator('.view-line span:not(:has(span))', { hasText: new RegExp(`^\\s*${word}\\s*$`) }).last();
  await place.hover();
  const shown = page.locator('.monaco-hover:visible', { hasText: expected }).first();
  await shown.waitFor();
  return shown;
}

try {
  await page.goto(`${url}/?folder=${encodeURIComponent(fleet)}`);
  await page.locator('.monaco-workbench').waitFor();
  await page.keyboard.press('Control+B');
  done('VS Code shows the folder');

  await open('identity.flux');
  await page.locator('.codelens-decoration', { hasText: 'prod-eu' }).first().waitFor();
  done('a code lens names the clusters of a profile');

  await page.keyboard.press('Control+Shift+M');
  await page.locator('.markers-panel-container').waitFor();
  await page.keyboard.press('Control+1');
  await goTo(8, 31);
  await page.keyboard.press('Backspace');
  await page.keyboard.press('Backspace');
  await page.keyboard.type('sk');
  await page.locator('.suggest-widget.visible .monaco-list-row', { hasText: 'aks' }).first().waitFor();
  done('completion offers a platform');
  await page.locator('.squiggly-error').first().waitFor();
  await problem.waitFor();
  done('a mistake is underlined, and is in the list of problems');

  await hover('decryption', 'arn:aws:iam::111122223333:role/prod-us-flux-kms');
  await sleep(500);
  await page.screenshot({ path: screenshot });
  done('hover shows what a role was in each cluster before the mistake');

  await page.keyboard.press('Escape');

  const marker = await hover('ask', 'F0106');
  await marker.getByText('F0106').click();
  await page.locator('.tab.active', { hasText: 'F0106.md' }).waitFor();
  await page.locator('.view-line', { hasText: 'F0106' }).first().waitFor();
  done('the link of a finding opens its page');
  await page.locator('.tab', { hasText: 'identity.flux' }).click();

  await goTo(8, 31);
  await page.locator('.lightBulbWidget').first().waitFor();
  await page.keyboard.press('Control+.');
  await page.locator('.action-widget .monaco-list-row', { hasText: 'aks' }).first().waitFor();
  await page.keyboard.press('Enter');
  await problem.waitFor({ state: 'detached' });
  await page.keyboard.press('Control+S');
  await until('the fix', () => readFileSync(path.join(fleet, 'identity.flux'), 'utf8').includes('prod-westeurope on aks'));
  done('a quick fix corrects the mistake');

  await open('teams/payments.flux');
  await page.locator('#status\\.editor\\.mode', { hasText: 'flux-identity' }).waitFor();
  done('an included file has the language');

  const found = readFileSync(settings, 'utf8');
  for (const [file, message] of [['/nowhere/flux-identity', 'names no file'], ['/bin/false', 'is not flux-identity']]) {
    writeFileSync(settings, JSON.stringify({ 'flux-identity.path': file }));
    await page.locator('.notification-toast', { hasText: message }).first().waitFor();
    assert.equal(await page.locator('.notification-toast').count(), 1);
    await page.locator('.notification-toast').hover();
    await page.locator('.notification-toast .codicon-notifications-clear').first().click();
  }
  done('a program that is not there, or another one, is a message');
  writeFileSync(settings, found);
  await page.locator('.tab', { hasText: 'identity.flux' }).click();
  await goTo(1, 1);
  await page.locator('.codelens-decoration', { hasText: 'prod-eu' }).first().waitFor();
  done('the server starts again when the setting is right');

  assert.ok(!existsSync(path.join(directory, 'ran')), 'the folder chose the program');
  done('the program that the settings of the folder name did not run');
} catch (error) {
  const failed = path.join(import.meta.dirname, 'failed.png');
  await page.screenshot({ path: failed });
  console.error(`${failed} shows what there was instead`);
  throw error;
} finally {
  await browser.close();
}
