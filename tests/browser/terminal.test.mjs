// The terminal: a session of another day, typed again, and what goes on while time passes.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { browser, complaints, openWatched, site, stage } from './harness.mjs';
import { webWithService } from './manifests.mjs';
import { started, types, Visitor } from './visitor.mjs';
import { root } from '../../scripts/lib/toolbox.mjs';

stage();

const ticks = `---
apiVersion: v1
kind: Pod
metadata: {name: ticks}
spec:
  containers:
  - name: main
    image: busybox:1.36
    command: [sh, -c, 'i=0; while true; do i=$((i+1)); echo tick $i; sleep 1; done']
`;

async function visit(manifest) {
  const { page, context, witness } = await openWatched(browser, site.url, { locale: 'en-US' });
  await started(page);
  await page.locator('#applied').waitFor({ timeout: 30_000 });
  const visitor = new Visitor(page);
  await visitor.run(manifest);
  return { page, context, witness, visitor };
}

/** What the newest line has printed by now. */
const printed = async page => (await page.locator('.console-entry').last().locator('pre').allTextContents()).join('');

// As `readyz terminal` prints it, ids and dates apart: crates/cli/tests/transcript.rs.
test('seed 000, line by line: shutdown, check, $?, the session cut, RESTARTS 1, three times Unhealthy', async () => {
  const example = readFileSync(join(root, 'examples/squid-volume.yaml'), 'utf8');
  const { page, context, witness, visitor } = await visit(example.slice(0, example.indexOf('---\napiVersion: readyz.dev')));
  const fatal = 'FATAL: failed to open /run/squid.pid: (2) No such file or directory';
  await visitor.open('Terminal');
  await visitor.goTo(60);
  const name = (await types(page, 'kubectl -n squid get pods -o name')).trim().replace('pod/', '');
  assert.match(name, /^squid-[0-9a-z]+-[0-9a-z]{5}$/);

  assert.equal(await types(page, `kubectl -n squid exec -it ${name} -- /bin/bash`), '');
  assert.equal(await types(page, 'squid -k shutdown'), '');
  await visitor.goTo(67);
  const check = (await types(page, 'squid -k check')).split('\n');
  assert.match(check[0], /^\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d\| /);
  assert.equal(check[0].split('| ')[1], fatal);
  assert.deepEqual(check.slice(1), ['    exception location: File.cc(190) open', '']);
  assert.equal(await types(page, 'echo $?'), '1\n');

  // Half a minute later the container is killed, and the shell with it.
  await visitor.goTo(142);
  assert.equal(await types(page, ''), 'command terminated with exit code 137\n');
  assert.equal(await page.locator('.console-line label').textContent(), '$');
  const row = (await types(page, 'kubectl -n squid get pods')).split('\n')[1].split(/\s+/);
  assert.deepEqual(row.slice(0, 4), [name, '1/1', 'Running', '1']);
  const unhealthy = (await types(page, `kubectl -n squid describe pod ${name} | grep Unhealthy`)).trim().split('\n');
  assert.equal(unhealthy.length, 3);
  for (const line of unhealthy) {
    assert.match(line.trim(), /^Warning\s+Unhealthy\s+\S+\s+kubelet\s+.*Liveness probe failed: /);
    assert.ok(line.endsWith(fatal), line);
  }
  assert.deepEqual(await complaints(witness), []);
  await context.close();
});

test('what follows goes on while time passes, until it ends or is interrupted', async () => {
  const { page, context, witness, visitor } = await visit(webWithService + ticks);
  await visitor.open('Terminal');
  await visitor.goTo(1);
  const met = text => text.match(/condition met\n/g)?.length ?? 0;
  const early = met(await types(page, 'kubectl wait --for=condition=Ready pod --all --timeout=60s'));
  assert.ok(early < 3, `${early} Pods are ready after a second`);
  await page.locator('.console-running').waitFor();
  await visitor.goTo(50);
  await page.locator('.console-running').waitFor({ state: 'detached' });
  assert.equal(met(await printed(page)), 3);

  // A log grows while the simulation plays, and shrinks when one goes back.
  const first = await types(page, 'kubectl logs -f ticks --tail=3');
  assert.equal(first.trim().split('\n').length, 3);
  await visitor.play('10×');
  await page.waitForFunction(length => {
    const entry = [...document.querySelectorAll('.console-entry')].at(-1);
    return (entry.querySelector('pre')?.textContent.length ?? 0) > length;
  }, first.length, { timeout: 30_000 });
  await visitor.pause();
  assert.ok((await printed(page)).startsWith(first));
  await page.locator('#command').focus();
  await page.keyboard.press('Control+c');
  await page.locator('.console-running').waitFor({ state: 'detached' });
  assert.match(await printed(page), /\^C\n$/);
  assert.equal(await types(page, 'echo $?'), '130\n');

  // A port is forwarded as long as its command goes on.
  assert.equal(await types(page, 'curl -s localhost:9090/ ; echo $?'), '7\n');
  await types(page, 'kubectl port-forward svc/web 9090:80 &');
  // curl's output, and what port-forward says beside it.
  const asked = await types(page, "curl -s -o /dev/null -w '%{http_code}' localhost:9090/healthz");
  assert.equal(asked, '200Handling connection for 9090\n');
  await page.locator('.console-running button').click();
  assert.equal(await types(page, 'curl -s localhost:9090/ ; echo $?'), '7\n');
  assert.deepEqual(await complaints(witness), []);
  await context.close();
});

test('an empty terminal offers lines: a press types one, and the focus goes where one types on', async () => {
  const { page, context, visitor } = await visit(webWithService);
  await visitor.goTo(20);
  await visitor.open('Terminal');
  await page.getByRole('button', { name: 'kubectl get endpointslices' }).focus();
  await page.keyboard.press('Enter');
  await visitor.sees(page.locator('.console-entry'), 'ADDRESSTYPE');
  assert.equal(await page.evaluate(() => document.activeElement.id), 'command');
  assert.equal(await page.locator('.beginnings').count(), 0);
  await page.locator('#console-clear').click();
  await page.locator('.beginnings').waitFor();
  await context.close();
});
