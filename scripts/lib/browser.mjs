// Which Chromium the tests drive, and the flags that keep it quiet and offline.
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';

const places = [
  '/usr/bin/chromium',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

/** The browser's program file, or null when none is installed. */
export function chromium() {
  if (process.env.READYZ_CHROMIUM) return process.env.READYZ_CHROMIUM;
  return places.find(existsSync) ?? downloaded();
}

/** The browser that playwright-core's own installer put into the user's cache. */
function downloaded() {
  try {
    const path = createRequire(import.meta.url)('playwright-core').chromium.executablePath();
    return existsSync(path) ? path : null;
  } catch {
    return null; // playwright-core is not installed yet
  }
}

export const chromiumArgs = [
  '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
  '--disable-background-networking', '--disable-component-update', '--disable-sync',
];
