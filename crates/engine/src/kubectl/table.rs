//! Tables as `kubectl get` prints them (KUB-03).

/// Rows of cells, printed in columns at least six wide and three spaces apart.
#[derive(Clone, Debug, Default)]
pub struct Table {
    rows: Vec<Vec<String>>,
}

impl Table {
    /// A table with these column titles.
    pub fn new(titles: &[&str]) -> Self {
        Table {
            rows: vec![titles.iter().map(ToString::to_string).collect()],
        }
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
        if self.is_empty() {
            return String::new();
        }
        let columns = self.rows.iter().map(Vec::len).max().unwrap_or(0);
        let widths: Vec<usize> = (0..columns)
            .map(|column| {
                let cells = self.rows.iter().filter_map(|row| row.get(column));
                let widest = cells.map(|cell| cell.chars().count()).max().unwrap_or(0);
                (widest + 3).max(6)
            })
            .collect();
        let mut text = String::new();
        for row in &self.rows {
            for (column, cell) in row.iter().enumerate() {
                text.push_str(cell);
                if column + 1 < row.len() {
                    let gap = widths[column] - cell.chars().count();
                    text.extend(std::iter::repeat_n(' ', gap));
                }
            }
            text.push('\n');
        }
        text
    }
}
