// Which browsers the tests drive, and the flags that keep Chromium quiet and offline.
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

const first = paths => paths.find(existsSync) ?? null;
const libraries = ['x86_64-linux-gnu', 'aarch64-linux-gnu'].map(machine => `/usr/lib/${machine}/webkit2gtk-4.1/MiniBrowser`);

/** Program files of what the tests in the other engines need: Firefox, and WebKitGTK's driver, browser and display. */
export const engines = () => ({
  firefox: process.env.READYZ_FIREFOX ?? first(['/usr/bin/firefox-esr', '/usr/bin/firefox', '/Applications/Firefox.app/Contents/MacOS/firefox']),
  webkit: first(['/usr/bin/WebKitWebDriver']),
  miniBrowser: first(libraries),
  display: first(['/usr/bin/Xvfb']),
});

export const chromiumArgs = [
  '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
  '--disable-background-networking', '--disable-component-update', '--disable-sync',
];
