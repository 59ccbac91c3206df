// YAML as far as an editor needs it: colours, folds, and where in an object the cursor stands.
import { StreamLanguage, foldService } from '@codemirror/language';

const indentOf = text => text.length - text.trimStart().length;
const blank = text => /^\s*(#|$)/.test(text);

/** Colours, a line at a time. A block scalar ends where a line is indented no more than its key. */
export const yaml = StreamLanguage.define({
  name: 'yaml',
  startState: () => ({ block: -1, flow: 0 }),
  languageData: { commentTokens: { line: '#' }, closeBrackets: { brackets: ['{', '[', '"', "'"] } },
  token(stream, state) {
    if (stream.sol() && state.block >= 0) {
      if (blank(stream.string) || indentOf(stream.string) > state.block) {
        stream.skipToEnd();
        return 'string';
      }
      state.block = -1;
    }
    if (stream.sol() && stream.match(/^(---|\.\.\.)(?=\s|$)/)) return 'meta';
    if (stream.eatSpace()) return null;
    if (stream.match(/^#.*/)) return 'comment';
    if (stream.match(/^"([^"\\]|\\.)*"?|^'([^']|'')*'?/)) return stream.match(/^\s*:(\s|$)/, false) ? 'propertyName' : 'string';
    if (stream.match(/^[&*][^\s,\]}]+/)) return 'labelName';
    if (stream.match(/^![^\s]*/)) return 'typeName';
    if (stream.match(/^[|>][-+\d]*\s*(#.*)?$/)) {
      state.block = stream.indentation();
      return 'punctuation';
    }
    if (stream.match(/^[[{]/)) { state.flow++; return 'punctuation'; }
    if (stream.match(/^[\]}]/)) { state.flow = Math.max(0, state.flow - 1); return 'punctuation'; }
    if (stream.match(/^[-?:](?=\s|$)/) || stream.match(/^[,:]/)) return 'punctuation';
    if (stream.match(/^[^\s#"'[\]{},][^#[\]{},]*?(?=\s*:(\s|$))/)) return 'propertyName';
    if (stream.match(/^-?\d[\w.]*(?=\s*(#|$|[,\]}]))/)) return 'number';
    if (stream.match(/^(true|false|null|~|yes|no|on|off)(?=\s*(#|$|[,\]}]))/i)) return 'bool';
    if (!stream.match(state.flow ? /^[^,[\]{}]+?(?=\s+#|\s*[,\]}]|\s*$)/ : /^.+?(?=\s+#|\s*$)/)) stream.next();
    return 'string';
  },
});

/** A line folds down to the last one that is indented more. */
export const folds = foldService.of((state, from) => {
  const line = state.doc.lineAt(from);
  if (blank(line.text)) return null;
  const dashes = /^\s*(- +)*/.exec(line.text)[0].length;
  const indent = indentOf(line.text);
  let last = line;
  for (let number = line.number + 1; number <= state.doc.lines; number++) {
    const next = state.doc.line(number);
    if (blank(next.text)) continue;
    const own = indentOf(next.text);
    // Lists may stand at the column of their key.
    const item = own === indent && dashes === indent && /^\s*- /.test(next.text) && /:\s*$/.test(line.text);
    if (own <= indent && !item) break;
    last = next;
  }
  return last.number > line.number ? { from: line.to, to: last.to } : null;
});

/**
 * What surrounds a position: `{ apiVersion, kind, path, key }`. `path` are the names of the
 * mappings around, lists left out; `key` is set where a value is being written.
 */
export function placeAt(state, pos) {
  const line = state.doc.lineAt(pos);
  const before = line.text.slice(0, pos - line.from);
  const path = [];
  const entry = /^(\s*)((?:- +)*)(?:([\w./-]+|"[^"]*")\s*:(?=\s|$))?/;
  const [, space, dashes, ownKey] = entry.exec(line.text);
  let column = space.length + dashes.length;
  let key;
  const colon = ownKey === undefined ? -1 : line.text.indexOf(':', column + ownKey.length);
  if (colon >= 0 && before.length > colon) key = ownKey;
  if (/^\s*$/.test(line.text)) column = before.length;
  if (dashes) column = space.length + 1;
  let { number } = line;
  while (--number >= 1) {
    const { text } = state.doc.line(number);
    if (/^---/.test(text)) break;
    const [, indent, dash, name] = entry.exec(text);
    if (blank(text) || (name === undefined && !dash)) continue;
    const at = indent.length + dash.length;
    if (name !== undefined && at < column) {
      path.unshift(name.replaceAll('"', ''));
      column = dash ? indent.length + 1 : at;
    } else if (dash && at === column) {
      column = indent.length + 1;
    }
  }
  // Inside of braces the mappings around stand on the same line.
  const words = [...before.matchAll(/("[^"]*"|'[^']*'|[^\s{}[\],:]+)\s*:(?=\s|$)|[{}[\],]/g)];
  const open = [];
  let last;
  for (const [text, name] of words) {
    if (name) last = name;
    else if (text === '{') { open.push(last); last = undefined; }
    else if (text === '}') last = open.pop();
    else if (text === ',' && open.length) last = undefined;
  }
  if (open.length) {
    path.push(...open.filter(Boolean));
    key = last;
  }
  return { ...documentAt(state, line.number), path, key };
}

/** apiVersion and kind of the document that holds a line. */
function documentAt(state, number) {
  const found = {};
  const look = step => {
    for (let at = number + (step > 0 ? 1 : 0); at >= 1 && at <= state.doc.lines; at += step) {
      const { text } = state.doc.line(at);
      if (/^---/.test(text)) return;
      const match = /^(apiVersion|kind):\s*["']?([\w./-]+)/.exec(text);
      if (match) found[match[1]] ??= match[2];
    }
  };
  look(-1);
  look(1);
  return found;
}
