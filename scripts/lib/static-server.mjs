// A small static file server that behaves as GitHub Pages does: sub-path, CORS for everybody.
import { createReadStream, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, normalize, sep } from 'node:path';

const types = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json',
  '.yaml': 'text/plain; charset=utf-8',
};

/**
 * Serves `folder` under `base` ("/" or "/org/readyz/"). Resolves to `{ url, close }` once it listens.
 * `extra` may answer a path first: `(path, response) => boolean`.
 */
export function serveFolder(folder, { base = '/', port = 0, host = '127.0.0.1', extra } = {}) {
  const server = createServer((request, response) => {
    // An iframe with sandbox="allow-scripts" has an opaque origin: without this it gets no module.
    response.setHeader('Access-Control-Allow-Origin', '*');
    const path = pathOf(request.url);
    if (path !== null && extra?.(path, response)) return;
    const file = path === null ? null : fileOf(folder, base, path);
    if (!file) {
      response.writeHead(404, { 'Content-Type': 'text/plain; charset=utf-8' }).end('not found\n');
      return;
    }
    response.writeHead(200, {
      'Content-Type': types[extname(file.path)] ?? 'application/octet-stream',
      'Content-Length': file.size,
      'Cache-Control': 'no-cache',
    });
    if (request.method === 'HEAD') response.end();
    else createReadStream(file.path).pipe(response);
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => resolve({
      url: `http://${host}:${server.address().port}${base}`,
      close: () => new Promise(done => {
        server.close(done);
        server.closeAllConnections();
      }),
    }));
  });
}

function pathOf(url) {
  try {
    return decodeURIComponent(new URL(url, 'http://localhost').pathname);
  } catch {
    return null; // a malformed escape
  }
}

/** The file that answers `path`, never outside `folder`. */
function fileOf(folder, base, path) {
  if (!path.startsWith(base)) return null;
  const wanted = normalize(join(folder, path.slice(base.length)));
  if (wanted !== normalize(folder) && !wanted.startsWith(normalize(folder + sep))) return null;
  for (const candidate of [wanted, join(wanted, 'index.html')]) {
    const stat = statSync(candidate, { throwIfNoEntry: false });
    if (stat?.isFile()) return { path: candidate, size: stat.size };
  }
  return null;
}
