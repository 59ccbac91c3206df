// Serves dist/ on this machine: `node scripts/serve.mjs`, port from READYZ_PORT (default 8080).
import { join } from 'node:path';
import { serveFolder } from './lib/static-server.mjs';
import { fail, root, say } from './lib/toolbox.mjs';

const port = Number(process.env.READYZ_PORT || 8080);
try {
  const { url } = await serveFolder(join(root, 'dist'), { port });
  say(`the page is at ${url} (Ctrl+C ends)`);
} catch (error) {
  if (error.code !== 'EADDRINUSE') throw error;
  fail(`port ${port} is taken: end the other program or choose another port with \`READYZ_PORT=8081 make serve\`.`);
}
