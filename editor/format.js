// Formats a stream of YAML by its lines: two spaces a level, no spaces at the ends of lines, one
// empty line at most, one at the end of the text. Nothing is read or written anew, so that quotes,
// comments and order stay; the lines of a block scalar, of a flow collection and of a quoted scalar
// that go on over several lines are moved as a whole.

/** How many brackets a line leaves open, and the quote that it does not close. */
function openEnds(text, quote, depth) {
  for (let i = 0; i < text.length; i++) {
    const letter = text[i];
    if (quote === '"' && letter === '\\') i++;
    else if (quote) quote = letter === quote ? '' : quote;
    else if (letter === '#' && (i === 0 || /\s/.test(text[i - 1]))) break;
    else if (depth > 0 ? /["']/.test(letter) : /["']/.test(letter) && /(^|[\s:,[{-])$/.test(text.slice(0, i))) quote = letter;
    else if (/[[{]/.test(letter) && (depth > 0 || /(^|[:-]\s+)$/.test(text.slice(0, i)))) depth++;
    else if (/[\]}]/.test(letter) && depth > 0) depth--;
  }
  return [quote, depth];
}

/** The text, formatted; a text with tabs before its words is left alone, as YAML forbids them. */
export function formatted(text) {
  const lines = text.replace(/\r\n?/g, '\n').split('\n');
  if (lines.some(line => /^ *\t/.test(line) && line.trim())) return text;
  const out = [];
  let levels = []; // [column before, column after] of the mappings and sequences around
  let scalar = null; // { above, to, shift, keep }: of a block scalar
  let [quote, depth] = ['', 0];
  let shift = 0;
  const at = column => {
    while (levels.length && levels.at(-1)[0] > column) levels.pop();
    const [before, after] = levels.at(-1) ?? [0, 0];
    if (levels.length && before === column) return after;
    const next = levels.length ? after + 2 : 0;
    levels.push([column, next]);
    return next;
  };
  for (const raw of lines) {
    const line = raw.trimEnd();
    const column = line.length - line.trimStart().length;
    if (scalar && (line === '' || column > scalar.above)) {
      scalar.shift ??= line === '' ? undefined : scalar.to - column;
      out.push(line === '' ? '' : move(raw, scalar.shift));
      continue;
    }
    scalar = null;
    if (quote || depth) {
      out.push(quote ? move(raw, shift) : move(line, shift));
      [quote, depth] = openEnds(raw, quote, depth);
      continue;
    }
    if (line === '') {
      if (out.length && out.at(-1) !== '') out.push('');
      continue;
    }
    if (/^(---|\.\.\.)(\s|$)/.test(line)) {
      levels = [];
      out.push(line);
      continue;
    }
    if (line.trimStart().startsWith('#')) {
      const [before, after] = levels.at(-1) ?? [column, 0];
      const inner = levels.findLast(([around]) => around <= column);
      // The first thing under a key stands where the key's value will.
      out.push(move(line, (column > before ? after + 2 : inner?.[1] ?? 0) - column));
      continue;
    }
    let rest = line.slice(column);
    let from = column;
    let to = at(column);
    let head = ' '.repeat(to);
    let dash;
    while ((dash = /^-(\s+)(?=\S)/.exec(rest)) && !rest.slice(dash[0].length).startsWith('#')) {
      head += '- ';
      from += dash[0].length;
      to += 2;
      rest = rest.slice(dash[0].length);
      levels.push([from, to]);
    }
    out.push(head + rest);
    shift = to - from;
    const block = /(?:^|[:-]\s)\s*(?:[&!]\S+\s+)*[|>]([+\-\d]*)(?:\s+#.*)?$/.exec(rest);
    if (block) {
      const above = /^-?\s*$/.test(rest.replace(/[|>].*$/, '')) ? column : from;
      const fixed = /\d/.test(block[1]);
      scalar = { above, to: /^[|>]/.test(rest) ? to : to + 2, shift: fixed ? to - from : undefined, keep: block[1].includes('+') };
      [quote, depth] = ['', 0];
    } else [quote, depth] = openEnds(rest, '', 0);
  }
  // Empty lines at the end mean nothing, but in a scalar that keeps them: there the last line is the text's end.
  if (scalar?.keep) out.splice(out.length - Number(out.at(-1) === ''));
  else while (out.at(-1) === '') out.pop();
  const better = out.length ? `${out.join('\n')}\n` : '';
  return shape(better) === shape(text) ? better : text;
}

/** Which line each line lies in, by its column: what must not change. */
function shape(text) {
  const around = [];
  const lines = text.split(/\r\n?|\n/).filter(line => line.trim() && !line.trimStart().startsWith('#'));
  return lines.map((line, index) => {
    const column = line.length - line.trimStart().length;
    while (around.length && around.at(-1)[0] >= column) around.pop();
    const parent = around.at(-1)?.[1] ?? -1;
    around.push([column, index]);
    return `${parent} ${line.trim().replace(/^(-\s+)+/, dashes => '- '.repeat(dashes.split('-').length - 1))}`;
  }).join('\n');
}

function move(line, by) {
  return by >= 0 ? ' '.repeat(line === '' ? 0 : by) + line : line.slice(Math.min(-by, line.length - line.trimStart().length));
}
