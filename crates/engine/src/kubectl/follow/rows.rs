//! A table that grows: a row for every write of an object that is listed (GET-05); columns keep
//! their widths (KUB-04).

use crate::kubectl::table::TABLE;

/// What a watched table tells.
#[derive(Clone, Copy)]
pub struct Told {
    /// Else its titles are not printed (`--no-headers`), and make no column wider.
    pub titles: bool,
    /// What happened to each object (`--output-watch-events`).
    pub events: bool,
    /// The rows there are at first (not with `--watch-only`).
    pub first: bool,
}

impl Default for Told {
    fn default() -> Told {
        Told {
            titles: true,
            events: false,
            first: true,
        }
    }
}

/// What was printed so far.
#[derive(Default)]
pub struct Rows {
    told: Told,
    /// As they stood at first.
    titles: Vec<String>,
    widths: Vec<usize>,
    /// The last row of each object by its name.
    known: Vec<(String, Vec<String>)>,
}

impl Rows {
    /// A table that has these rows at first, and what is printed of them.
    pub fn begun(text: &str, told: Told) -> (Rows, String) {
        let mut rows = Rows {
            told,
            ..Rows::default()
        };
        let mut lines = table(text).into_iter();
        let Some(titles) = lines.next() else {
            return (rows, String::new());
        };
        let column = name_column(&titles);
        let first: Vec<Vec<String>> = lines.collect();
        let mut shown = Vec::new();
        if told.titles && told.first {
            shown.push(rows.with_event("EVENT", &titles));
        }
        if told.first {
            shown.extend(first.iter().map(|row| rows.with_event("ADDED", row)));
        }
        shown.iter().for_each(|row| rows.widen(row));
        let printed = shown.iter().map(|row| rows.line(row)).collect();
        first.into_iter().for_each(|row| rows.note(column, row));
        rows.titles = titles;
        (rows, printed)
    }

    /// A row with what happened in front, if that is told; all words of it are as wide.
    fn with_event(&self, event: &str, row: &[String]) -> Vec<String> {
        let event = match event {
            "EVENT" => event.to_owned(),
            event => format!("{event:8}"),
        };
        let event = Some(event).filter(|_| self.told.events);
        event.into_iter().chain(row.iter().cloned()).collect()
    }

    fn widen(&mut self, row: &[String]) {
        for (column, cell) in row.iter().enumerate() {
            match self.widths.get_mut(column) {
                Some(width) => *width = (*width).max(cell.len()),
                None => self.widths.push(cell.len()),
            }
        }
    }

    fn note(&mut self, column: Option<usize>, row: Vec<String>) {
        let Some(name) = column.and_then(|column| row.get(column)).cloned() else {
            return;
        };
        self.known.retain(|(known, _)| *known != name);
        self.known.push((name, row));
    }

    /// The row of an object that was written, as `text` lists it; its last one, if it is gone.
    pub fn follow(&mut self, text: &str, name: &str) -> String {
        let mut lines = table(text).into_iter();
        let titles = lines.next().unwrap_or_default();
        let column = name_column(&titles);
        let is_it = |cell: &str| cell.rsplit('/').next() == Some(name);
        let cell = |row: &[String]| column.and_then(|column| row.get(column)).cloned();
        let listed = lines.find(|row| cell(row).is_some_and(|cell| is_it(&cell)));
        let known = self.known.iter().position(|(known, _)| is_it(known));
        let (event, row) = match (listed, known) {
            (Some(row), None) => ("ADDED", row),
            (Some(row), Some(_)) => ("MODIFIED", row),
            (None, Some(at)) => ("DELETED", self.known.remove(at).1),
            (None, None) => return String::new(),
        };
        let printed = self.print(event, &titles, &row);
        if event != "DELETED" {
            self.note(column, row);
        }
        printed
    }

    /// The first row of a table, which is printed below the others.
    pub fn append(&mut self, text: &str, is_new: bool) -> String {
        let mut lines = table(text).into_iter();
        match (lines.next(), lines.next()) {
            (Some(titles), Some(row)) => {
                let event = if is_new { "ADDED" } else { "MODIFIED" };
                self.print(event, &titles, &row)
            }
            _ => String::new(),
        }
    }

    /// A row, below its titles if it is the first one.
    fn print(&mut self, event: &str, titles: &[String], row: &[String]) -> String {
        let is_first = self.widths.is_empty() && self.told.titles;
        // A list that is empty by now has none.
        let titles = match titles {
            [] => self.with_event("EVENT", &self.titles),
            titles => self.with_event("EVENT", titles),
        };
        let row = self.with_event(event, row);
        if self.told.titles {
            self.widen(&titles);
        }
        self.widen(&row);
        let titles = match is_first {
            true => self.line(&titles),
            false => String::new(),
        };
        titles + &self.line(&row)
    }

    fn line(&self, row: &[String]) -> String {
        let mut line = String::new();
        for (column, cell) in row.iter().enumerate() {
            line.push_str(cell);
            if column + 1 < row.len() {
                let width = (self.widths[column] + TABLE.padding).max(TABLE.width_min);
                line.extend(std::iter::repeat_n(' ', width - cell.len()));
            }
        }
        line + "\n"
    }
}

fn name_column(titles: &[String]) -> Option<usize> {
    titles.iter().position(|title| title == "NAME")
}

/// A table's rows as cells, which stand below their titles.
fn table(text: &str) -> Vec<Vec<String>> {
    let titles = text.lines().next().unwrap_or("");
    let bytes = titles.as_bytes();
    let begins = |at: &usize| bytes[*at] != b' ' && (*at == 0 || titles[..*at].ends_with("   "));
    let starts: Vec<usize> = (0..bytes.len()).filter(begins).collect();
    let cell = |line: &str, column: usize| {
        let from = starts[column].min(line.len());
        let to = starts
            .get(column + 1)
            .map_or(line.len(), |to| (*to).min(line.len()));
        line.get(from..to).unwrap_or("").trim().to_owned()
    };
    let rows = text.lines();
    rows.map(|line| (0..starts.len()).map(|column| cell(line, column)).collect())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{Rows, Told};

    fn begun(text: &str) -> Rows {
        Rows::begun(text, Told::default()).0
    }

    /// KUB-04, GET-05.
    #[test]
    fn rows_follow_in_the_columns_of_the_first_ones() {
        let first = "NAME   READY   AGE\nweb    0/1     3s\n";
        let mut rows = begun(first);
        let later = concat!(
            "NAME           READY   AGE\n",
            "web            1/1     9s\n",
            "web-and-more   0/1     0s\n",
        );
        assert_eq!(rows.follow(later, "web"), "web    1/1     9s\n");
        let wider = "web-and-more   0/1     0s\n";
        assert_eq!(rows.follow(later, "web-and-more"), wider);
        assert_eq!(rows.follow("", "web"), "web            1/1     9s\n");
        assert_eq!(rows.follow("", "other"), "");
    }

    #[test]
    fn hidden_titles_make_nothing_wider() {
        let text = "NAME   READY\nw      0/1\n";
        let hidden = Told {
            titles: false,
            ..Told::default()
        };
        let (mut rows, printed) = Rows::begun(text, hidden);
        assert_eq!(printed, "w     0/1\n");
        let later = "NAME   READY\nw      1/1\n";
        assert_eq!(rows.follow(later, "w"), "w     1/1\n");
        let mut rows = Rows::begun("", hidden).0;
        assert_eq!(rows.follow(later, "w"), "w     1/1\n");
    }

    #[test]
    fn titles_come_with_the_first_row_and_names_may_stand_elsewhere() {
        let mut rows = begun("");
        let text = "NAMESPACE   NAME      READY\nshop        pod/web   0/1\n";
        assert_eq!(rows.follow(text, "web"), text);
        assert_eq!(rows.follow(text, "web"), "shop        pod/web   0/1\n");
        let event = "LAST SEEN   TYPE     MESSAGE\n3s          Normal   Pulled it\n";
        let mut rows = begun("");
        assert_eq!(rows.append(event, true), event);
        assert_eq!(
            rows.append(event, false),
            "3s          Normal   Pulled it\n"
        );
    }
    /// What happened stands first, and what is gone is told of once.
    #[test]
    fn events_of_a_watch_are_told() {
        let text = "NAME   READY\nweb    0/1\n";
        let told = Told {
            events: true,
            ..Told::default()
        };
        let (mut rows, printed) = Rows::begun(text, told);
        assert_eq!(printed, "EVENT      NAME   READY\nADDED      web    0/1\n");
        let later = "NAME   READY\nweb    1/1\n";
        assert_eq!(rows.follow(later, "web"), "MODIFIED   web    1/1\n");
        assert_eq!(rows.follow("", "web"), "DELETED    web    1/1\n");
        assert_eq!(rows.follow("", "web"), "");
        assert_eq!(rows.follow(later, "web"), "ADDED      web    1/1\n");
        // Nothing at first: titles come with the first row.
        let only = Told {
            first: false,
            ..Told::default()
        };
        let (mut rows, printed) = Rows::begun(text, only);
        assert_eq!(printed, "");
        assert_eq!(rows.follow("", "web"), "NAME   READY\nweb    0/1\n");
    }
}
