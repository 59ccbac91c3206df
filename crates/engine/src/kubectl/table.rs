//! Columns, as Go's tab writer aligns them.

/// How wide columns are at least, and how far apart.
#[derive(Clone, Copy, Debug)]
pub struct Spacing {
    pub width_min: usize,
    pub padding: usize,
}

/// `kubectl get` (KUB-03).
pub const TABLE: Spacing = Spacing {
    width_min: 6,
    padding: 3,
};
/// `kubectl describe` (KUB-08).
pub const DESCRIPTION: Spacing = Spacing {
    width_min: 0,
    padding: 2,
};

/// Aligns the cells that tabs end. A column is a run of lines that each have a cell there; lines
/// without one break it (KUB-08).
pub fn align(text: &str, spacing: Spacing) -> String {
    let lines: Vec<Vec<&str>> = text
        .lines()
        .map(|line| line.split('\t').collect())
        .collect();
    let mut widths: Vec<Vec<usize>> = lines.iter().map(|line| vec![0; line.len() - 1]).collect();
    let columns = widths.iter().map(Vec::len).max().unwrap_or(0);
    for column in 0..columns {
        let mut from = 0;
        while from < lines.len() {
            let run = widths[from..]
                .iter()
                .take_while(|line| line.len() > column)
                .count();
            let cells = lines[from..from + run].iter();
            let widest = cells.map(|line| line[column].chars().count()).max();
            if let Some(widest) = widest {
                let width = (widest + spacing.padding).max(spacing.width_min);
                widths[from..from + run]
                    .iter_mut()
                    .for_each(|line| line[column] = width);
            }
            from += run.max(1);
        }
    }
    let mut out = String::with_capacity(text.len() * 2);
    for (line, widths) in lines.iter().zip(&widths) {
        for (cell, width) in line.iter().zip(widths) {
            out.push_str(cell);
            let gap = width.saturating_sub(cell.chars().count());
            out.extend(std::iter::repeat_n(' ', gap));
        }
        out.push_str(line.last().unwrap_or(&""));
        out.push('\n');
    }
    out
}

/// Rows of cells, printed in columns at least six wide and three spaces apart.
#[derive(Clone, Debug, Default)]
pub struct Table {
    rows: Vec<Vec<String>>,
    without_titles: bool,
}

impl Table {
    /// A table with these column titles.
    pub fn new<T: AsRef<str>>(titles: &[T]) -> Self {
        Table {
            rows: vec![titles
                .iter()
                .map(|title| title.as_ref().to_owned())
                .collect()],
            without_titles: false,
        }
    }

    /// Leaves the titles out (`--no-headers`).
    pub fn without_titles(&mut self) {
        self.without_titles = true;
    }

    /// Adds a row. A cell is cut at its first line break (KUB-03).
    pub fn row(&mut self, cells: Vec<String>) {
        let cells = cells
            .into_iter()
            .map(|cell| match cell.find(['\n', '\r', '\x0c']) {
                Some(end) => format!("{}...", &cell[..end]),
                None => cell,
            })
            .collect();
        self.rows.push(cells);
    }

    /// Whether there are no rows besides the titles.
    pub fn is_empty(&self) -> bool {
        self.rows.len() <= 1
    }

    /// The text; nothing if there are no rows.
    pub fn print(&self) -> String {
        match self.is_empty() {
            true => String::new(),
            false => self.print_with_titles(),
        }
    }

    /// The same; the titles alone if there are no rows.
    pub fn print_with_titles(&self) -> String {
        let rows = self.rows.iter().skip(usize::from(self.without_titles));
        let lines: Vec<String> = rows.map(|row| row.join("\t")).collect();
        if lines.is_empty() {
            return String::new();
        }
        let mut text = lines.join("\n");
        text.push('\n');
        align(&text, TABLE)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_without_a_cell_break_a_column() {
        let text = "Name:\tweb\nIPs:\n  IP:\t10.0.0.1\nControlled By:\tx\n";
        assert_eq!(
            align(text, DESCRIPTION),
            "Name:  web\nIPs:\n  IP:           10.0.0.1\nControlled By:  x\n"
        );
    }

    #[test]
    fn empty_values_leave_the_padding() {
        assert_eq!(
            align("  Medium:\t\n  SizeLimit:\tx\n", DESCRIPTION),
            "  Medium:     \n  SizeLimit:  x\n"
        );
    }
}
