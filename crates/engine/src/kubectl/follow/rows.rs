//! A table that grows: a row for every write of an object that is listed (GET-05); columns keep
//! their widths (KUB-04).

use crate::kubectl::table::TABLE;

/// What was printed so far.
#[derive(Default)]
pub struct Rows {
    /// Titles are not printed (`--no-headers`), and make no column wider.
    hides_titles: bool,
    widths: Vec<usize>,
    /// The last row of each object by its name.
    known: Vec<(String, Vec<String>)>,
}

impl Rows {
    /// A table whose first rows are these.
    pub fn new(text: &str) -> Rows {
        Rows::begun(text, Rows::default())
    }

    /// The same, of which the titles are not printed.
    pub fn without_titles(text: &str) -> Rows {
        let hidden = Rows {
            hides_titles: true,
            ..Rows::default()
        };
        Rows::begun(text, hidden)
    }

    fn begun(text: &str, mut rows: Rows) -> Rows {
        let mut lines = table(text).into_iter();
        if let Some(titles) = lines.next() {
            if !rows.hides_titles {
                rows.widen(&titles);
            }
            let column = name_column(&titles);
            lines.for_each(|row| rows.note(column, row));
        }
        rows
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
        self.widen(&row);
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
        let row = match (listed, known) {
            (Some(row), _) => row,
            (None, Some(at)) => self.known.remove(at).1,
            (None, None) => return String::new(),
        };
        let printed = self.print(&titles, &row);
        self.note(column, row);
        printed
    }

    /// The first row of a table, which is new.
    pub fn append(&mut self, text: &str) -> String {
        let mut lines = table(text).into_iter();
        match (lines.next(), lines.next()) {
            (Some(titles), Some(row)) => self.print(&titles, &row),
            _ => String::new(),
        }
    }

    /// A row, below its titles if it is the first one.
    fn print(&mut self, titles: &[String], row: &[String]) -> String {
        let is_first = self.widths.is_empty() && !self.hides_titles;
        if !self.hides_titles {
            self.widen(titles);
        }
        self.widen(row);
        let titles = match is_first {
            true => self.line(titles),
            false => String::new(),
        };
        titles + &self.line(row)
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
    use super::Rows;

    /// KUB-04, GET-05.
    #[test]
    fn rows_follow_in_the_columns_of_the_first_ones() {
        let first = "NAME   READY   AGE\nweb    0/1     3s\n";
        let mut rows = Rows::new(first);
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
        let mut rows = Rows::without_titles(text);
        let later = "NAME   READY\nw      1/1\n";
        assert_eq!(rows.follow(later, "w"), "w     1/1\n");
        let mut rows = Rows::without_titles("");
        assert_eq!(rows.follow(later, "w"), "w     1/1\n");
    }

    #[test]
    fn titles_come_with_the_first_row_and_names_may_stand_elsewhere() {
        let mut rows = Rows::new("");
        let text = "NAMESPACE   NAME      READY\nshop        pod/web   0/1\n";
        assert_eq!(rows.follow(text, "web"), text);
        assert_eq!(rows.follow(text, "web"), "shop        pod/web   0/1\n");
        let event = "LAST SEEN   TYPE     MESSAGE\n3s          Normal   Pulled it\n";
        let mut rows = Rows::new("");
        assert_eq!(rows.append(event), event);
        assert_eq!(rows.append(event), "3s          Normal   Pulled it\n");
    }
}
