// Drives Firefox and WebKit, which the other tests' library cannot as distributions package them: Firefox through
// Marionette, its own remote protocol, and WebKitGTK through WebDriver. The few commands are the same in both.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { engines } from '../../scripts/lib/browser.mjs';

const patience = 60_000; // milliseconds until a browser has started

export function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject).listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

/** Calls `attempt` until it no longer throws. */
async function eventually(attempt, what) {
  for (const end = Date.now() + patience; ;) {
    try {
      return await attempt();
    } catch (error) {
      if (Date.now() > end) throw new Error(`${what} did not answer within ${patience / 1000} s`, { cause: error });
      await sleep(200);
    }
  }
}

/** Firefox: messages are `length:JSON`, of `[0, id, command, parameters]` and `[1, id, error, answer]`. */
async function firefox(folder) {
  const port = await freePort();
  writeFileSync(join(folder, 'user.js'), [
    `user_pref("marionette.port", ${port});`,
    'user_pref("browser.shell.checkDefaultBrowser", false);',
    'user_pref("datareporting.policy.dataSubmissionEnabled", false);',
    'user_pref("app.update.enabled", false);',
  ].join('\n'));
  const program = spawn(engines().firefox, ['--headless', '--marionette', '--no-remote', '--profile', folder], { stdio: 'ignore' });
  const socket = await eventually(() => new Promise((resolve, reject) => {
    const made = connect(port, '127.0.0.1', () => resolve(made)).once('error', reject);
  }), 'Firefox');
  const waiting = new Map();
  let [read, id] = [Buffer.alloc(0), 0];
  socket.on('data', chunk => {
    read = Buffer.concat([read, chunk]);
    for (let colon; (colon = read.indexOf(':')) > 0;) {
      const end = colon + 1 + Number(read.subarray(0, colon));
      if (read.length < end) return;
      const message = JSON.parse(read.subarray(colon + 1, end));
      read = read.subarray(end);
      if (!Array.isArray(message)) continue; // its greeting
      const [, answered, error, answer] = message;
      const { resolve, reject } = waiting.get(answered);
      if (error) reject(new Error(`${error.error}: ${error.message}`));
      else resolve(answer);
    }
  });
  const send = (command, parameters = {}) => new Promise((resolve, reject) => {
    waiting.set(++id, { resolve, reject });
    const text = JSON.stringify([0, id, command, parameters]);
    socket.write(`${Buffer.byteLength(text)}:${text}`);
  });
  await send('WebDriver:NewSession');
  const value = async (command, parameters) => (await send(command, parameters)).value;
  return {
    goto: url => send('WebDriver:Navigate', { url }),
    run: (script, args) => value('WebDriver:ExecuteAsyncScript', { script, args, scriptTimeout: patience }),
    actions: actions => send('WebDriver:PerformActions', { actions }),
    stop: () => {
      socket.destroy();
      program.kill('SIGKILL');
    },
  };
}

/** WebKit: in a virtual display, because MiniBrowser has no headless mode. */
async function webkit(folder) {
  const port = await freePort();
  const { webkit: driver, display, miniBrowser } = engines();
  const screen = spawn(display, ['-displayfd', '3', '-screen', '0', '1440x900x24', '-nolisten', 'tcp'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  });
  const number = await new Promise((resolve, reject) => {
    screen.once('error', reject).once('exit', code => reject(new Error(`Xvfb ended with ${code}`)));
    screen.stdio[3].once('data', text => resolve(String(text).trim()));
  });
  screen.removeAllListeners('exit');
  const program = spawn(driver, [`--port=${port}`], {
    stdio: 'ignore', detached: true, // so that what it starts can be stopped with it
    env: {
      ...process.env, HOME: folder, XDG_CACHE_HOME: folder, XDG_DATA_HOME: folder, DISPLAY: `:${number}`,
      WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: '1', WEBKIT_DISABLE_DMABUF_RENDERER: '1', LIBGL_ALWAYS_SOFTWARE: '1',
    },
  });
  const ask = async (path, body) => {
    const response = await fetch(`http://127.0.0.1:${port}${path}`, { method: 'POST', body: JSON.stringify(body) });
    const { value } = await response.json();
    if (!response.ok) throw new Error(`${value.error}: ${value.message}`);
    return value;
  };
  const capabilities = { alwaysMatch: { 'webkitgtk:browserOptions': { binary: miniBrowser, args: ['--automation'] } } };
  const { sessionId } = await eventually(() => ask('/session', { capabilities }), 'WebKit');
  const session = `/session/${sessionId}`;
  await ask(`${session}/timeouts`, { script: patience });
  return {
    goto: url => ask(`${session}/url`, { url }),
    run: (script, args) => ask(`${session}/execute/async`, { script, args }),
    actions: actions => ask(`${session}/actions`, { actions }),
    stop: () => {
      process.kill(-program.pid, 'SIGKILL');
      screen.kill('SIGKILL');
    },
  };
}

/** Keys by name, as WebDriver writes them. */
const keys = { Enter: '\ue007', Escape: '\ue00c', Home: '\ue011', End: '\ue010', Tab: '\ue004', ArrowRight: '\ue014' };

/** One page of an engine ("firefox", "webkit"): `goto`, `evaluate`, `until`, `press`, `close`. */
export async function openEngine(name) {
  const folder = mkdtempSync(join(tmpdir(), 'readyz-engine-'));
  const remote = await { firefox, webkit }[name](folder);
  /** Calls a function in the page, which may return a promise; it sees its arguments only. */
  const evaluate = async (work, ...args) => {
    const script = `const args = [...arguments], done = args.pop();
      Promise.resolve().then(() => (${work})(...args)).then(found => done([found]), error => done([null, String(error?.stack ?? error)]));`;
    const [found, problem] = await remote.run(script, args);
    if (problem) throw new Error(problem);
    return found;
  };
  return {
    goto: remote.goto,
    evaluate,
    /** Waits until a function in the page gives something true, and returns that. */
    async until(work, ...args) {
      for (const end = Date.now() + patience; Date.now() < end; await sleep(100)) {
        const found = await evaluate(work, ...args);
        if (found) return found;
      }
      throw new Error(`never true in ${name}: ${work}`);
    },
    /** Types keys: each a letter, or a name such as Enter. */
    press: (...pressed) => remote.actions([{
      type: 'key', id: 'keyboard',
      actions: pressed.map(key => keys[key] ?? key).flatMap(value => [{ type: 'keyDown', value }, { type: 'keyUp', value }]),
    }]),
    close() {
      remote.stop();
      rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
    },
  };
}

/** The engines beside Chromium that are installed here. */
export const installed = () => {
  const { firefox: fox, webkit: kit, display, miniBrowser } = engines();
  return [...(fox ? ['firefox'] : []), ...([kit, display, miniBrowser].every(path => path && existsSync(path)) ? ['webkit'] : [])];
};
