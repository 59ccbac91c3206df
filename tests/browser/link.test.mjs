// The link codec by itself, and links of every version that was ever out.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { decode, encode } from '../../editor/link.js';
import { root } from '../../scripts/lib/toolbox.mjs';

const corpus = readFileSync(join(root, 'tests', 'links', 'v1.jsonl'), 'utf8').trim().split('\n').map(line => JSON.parse(line));

test('links of version 1 open for ever', async () => {
  assert.ok(corpus.length >= 6);
  for (const { link, entries } of corpus) {
    assert.deepEqual(await decode(link), { entries, problem: '' });
  }
});

test('what is encoded is decoded, and needs no escaping in an address', async () => {
  let draw = 7;
  const random = below => { draw = (draw * 48_271) % 2_147_483_647; return draw % below; };
  for (let round = 0; round < 60; round++) {
    const text = Array.from({ length: random(4_000) }, () => String.fromCodePoint([10, 32 + random(95), 0x4e00 + random(999), 0x1f600 + random(60)][random(4)])).join('');
    const entries = [['engine', '0.1.0'], ['act', `{at: ${random(99)}s}\n\\n\\`], ['act', ''], ['text', text]];
    const link = await encode(entries);
    assert.match(link, /^1\.[\w-]*$/);
    assert.deepEqual(await decode(`#${link}`), { entries, problem: '' });
  }
});

test('a link that was cut shows its beginning and says so', async () => {
  const { link, entries } = corpus[2];
  let read = 0;
  for (let end = 3; end < link.length; end++) {
    const { entries: found, problem } = await decode(link.slice(0, end));
    assert.equal(problem, 'broken', `cut at ${end}`);
    for (const [index, [key, value]] of found.entries()) {
      assert.equal(key, entries[index][0]);
      assert.ok(entries[index][1].startsWith(value), `${key} at ${end}`);
    }
    read = Math.max(read, found.length);
  }
  assert.equal(read, entries.length, 'the last cut still holds the text');
});

test('a link of a newer version, and one that is none, are told apart', async () => {
  assert.deepEqual(await decode('#2.AAAA'), { entries: [], problem: 'newer' });
  for (const nonsense of ['#1.', '#1.!!!', '#1.AAAA', '#1.____', '#1.%E4%B8', '#1.%ZZ']) {
    assert.equal((await decode(nonsense)).problem, 'broken', nonsense);
  }
});

test('a link that was altered never throws', async () => {
  const { link } = corpus[3];
  for (let at = 3; at < link.length; at += 7) {
    const other = link[at] === 'A' ? 'B' : 'A';
    const { entries } = await decode(link.slice(0, at) + other + link.slice(at + 1));
    assert.ok(Array.isArray(entries));
  }
});
