//! What the editor's text changes of the one that runs, line by line.

use crate::ui::use_ui;
use yew::prelude::*;

/// Between the lines that both texts begin and end with, more than this many in either are taken as
/// replaced whole: a table of all pairs would be too large.
const LINES_MAX: usize = 800;

/// A line that only one of the texts has, with its number there (1-based).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change<'a> {
    Removed(u32, &'a str),
    Added(u32, &'a str),
}

/// The changes that lead from one text to another, in order.
pub fn changes<'a>(from: &'a str, to: &'a str) -> Vec<Change<'a>> {
    let (a, b): (Vec<&str>, Vec<&str>) = (from.lines().collect(), to.lines().collect());
    let head = a.iter().zip(&b).take_while(|(x, y)| x == y).count();
    let rest = a.len().min(b.len()) - head;
    let ends = a.iter().rev().zip(b.iter().rev());
    let tail = ends.take(rest).take_while(|(x, y)| x == y).count();
    let (old, new) = (&a[head..a.len() - tail], &b[head..b.len() - tail]);
    let number = |index: usize| (head + index + 1) as u32;
    let removed = |index: usize| Change::Removed(number(index), old[index]);
    let added = |index: usize| Change::Added(number(index), new[index]);
    if old.len() > LINES_MAX || new.len() > LINES_MAX {
        let gone = (0..old.len()).map(removed);
        return gone.chain((0..new.len()).map(added)).collect();
    }
    // Length of the longest common part of what follows two places.
    let width = new.len() + 1;
    let mut common = vec![0_u16; (old.len() + 1) * width];
    for i in (0..old.len()).rev() {
        for j in (0..new.len()).rev() {
            common[i * width + j] = if old[i] == new[j] {
                common[(i + 1) * width + j + 1] + 1
            } else {
                common[(i + 1) * width + j].max(common[i * width + j + 1])
            };
        }
    }
    let (mut i, mut j) = (0, 0);
    let mut found = Vec::new();
    while i < old.len() || j < new.len() {
        if i < old.len() && j < new.len() && old[i] == new[j] {
            (i, j) = (i + 1, j + 1);
        } else if j == new.len()
            || (i < old.len() && common[(i + 1) * width + j] >= common[i * width + j + 1])
        {
            found.push(removed(i));
            i += 1;
        } else {
            found.push(added(j));
            j += 1;
        }
    }
    found
}

#[derive(Properties, PartialEq)]
pub struct DiffProps {
    pub from: AttrValue,
    pub to: AttrValue,
    pub go: Callback<(u32, u32)>,
}

/// How much has changed, and on demand what.
#[component]
pub fn Diff(props: &DiffProps) -> Html {
    let texts = use_ui().texts();
    let (words, go_to_line) = (&texts.look, texts.go_to_line);
    let all = changes(&props.from, &props.to);
    let more = all.iter().filter(|one| matches!(one, Change::Added(..)));
    let more = more.count();
    let row = |change: &Change| {
        let (class, sign, name, line, text) = match *change {
            Change::Removed(line, text) => ("del", "−", words.removed, line, text),
            Change::Added(line, text) => ("ins", "+", words.added, line, text),
        };
        let go = props.go.clone();
        let jump =
            (class == "ins").then(|| Callback::from(move |_: MouseEvent| go.emit((line, 1))));
        html! {
            <li {class} onclick={jump}>
                <span class="unseen">{ name }{ " " }</span>
                <span aria-hidden="true">{ sign }</span>
                if class == "ins" {
                    <button type="button" aria-label={go_to_line(line)}>{ line }</button>
                } else {
                    <span class="dim">{ line }</span>
                }
                <code>{ text.to_owned() }</code>
            </li>
        }
    };
    html! {
        <details id="diff" class="diff">
            <summary>{ (words.changes)(more, all.len() - more) }</summary>
            <ul class="mono" tabindex="0" aria-label={(words.changes)(more, all.len() - more)}>
                { for all.iter().map(row) }
            </ul>
        </details>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_differs_is_told_each_with_its_line() {
        let from = "a: 1\nb: 2\nc: 3\nd: 4\n";
        let to = "a: 1\nb: 5\nc: 3\nx: 0\nd: 4\n";
        assert_eq!(
            changes(from, to),
            [
                Change::Removed(2, "b: 2"),
                Change::Added(2, "b: 5"),
                Change::Added(4, "x: 0"),
            ]
        );
        assert_eq!(changes(from, from), []);
        assert_eq!(changes("", "a").len(), 1);
        // A line taken twice is one line more, wherever the tables end.
        assert_eq!(changes("a\na", "a\na\na"), [Change::Added(3, "a")]);
    }

    #[test]
    fn texts_with_nothing_in_common_are_replaced_whole() {
        let long = |letter: &str| vec![letter; LINES_MAX + 1].join("\n");
        let all = long("a").lines().count() + long("b").lines().count();
        assert_eq!(changes(&long("a"), &long("b")).len(), all);
    }
}
