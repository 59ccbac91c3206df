// axe, the accessibility checker, in a page whose policy lets no script of others in.
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** What axe finds, as sentences. */
export async function barriers(page) {
  await page.evaluate(source);
  const { violations } = await page.evaluate(values => globalThis.axe.run(document, { runOnly: values }), tags);
  return violations.flatMap(({ id, nodes }) => nodes.map(node =>
    `${id}: ${node.html.slice(0, 160)} ${node.failureSummary?.split('\n')[1] ?? ''}`));
}
