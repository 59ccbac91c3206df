//! `ps`: the processes of the container.

use super::id::user_name;
use super::{Ctx, Outcome, Takes};
use crate::container::filesystem::file_name;

/// `-e`, `-f` and the like change nothing, in BusyBox too.
static TAKES: Takes = Takes::letters("o:aAdefl", "TZ", "[-o COL1,COL2=HEADER]");

/// Columns of `-o`: name, title, width.
const COLUMNS: [(&str, &str, usize); 5] = [
    ("pid", "PID", 5),
    ("ppid", "PPID", 5),
    ("user", "USER", 8),
    ("comm", "COMMAND", 16),
    ("args", "COMMAND", 27),
];

/// Columns that BusyBox has besides.
const OTHERS: &str = " group pgid nice rgroup ruser tty vsz sid stat rss time etime ";

/// What is told of a process.
struct Row {
    pid: u32,
    parent: u32,
    user: String,
    name: String,
    command: String,
}

pub fn run(ctx: &mut Ctx<'_>) -> Outcome {
    let given = match ctx.options(&TAKES) {
        Ok(given) => given,
        Err(outcome) => return outcome,
    };
    let rows = rows(ctx);
    let wanted: Vec<&String> = given.values("o").collect();
    if wanted.is_empty() {
        ctx.print("PID   USER     TIME  COMMAND\n");
        for row in rows {
            let Row {
                pid, user, command, ..
            } = row;
            ctx.print(&format!("{pid:>5} {user:<8}  0:00 {command}\n"));
        }
        return Outcome::Exit(0);
    }
    let mut columns = Vec::new();
    for item in wanted.iter().flat_map(|list| list.split(',')) {
        let (name, title) = match item.split_once('=') {
            Some((name, title)) => (name, Some(title)),
            None => (item, None),
        };
        match COLUMNS.iter().find(|(known, _, _)| *known == name) {
            Some((name, usual, width)) => {
                columns.push((*name, title.unwrap_or(usual).to_string(), *width));
            }
            None if OTHERS.contains(&format!(" {name} ")) => {
                return ctx.not_simulated(&format!("-o {name}"));
            }
            None => return ctx.fail(&format!("bad -o argument '{name}'"), 1),
        }
    }
    let line = |cells: Vec<String>| {
        let mut text = String::new();
        for (at, (cell, (_, _, width))) in cells.iter().zip(&columns).enumerate() {
            match at + 1 == columns.len() {
                true => text.push_str(cell),
                false => text.push_str(&format!("{cell:<width$} ")),
            }
        }
        format!("{text}\n")
    };
    let mut text = line(columns.iter().map(|(_, title, _)| title.clone()).collect());
    for row in &rows {
        let cell = |(name, _, width): &(&str, String, usize)| match *name {
            "pid" => format!("{:>width$}", row.pid),
            "ppid" => format!("{:>width$}", row.parent),
            "user" => row.user.clone(),
            "comm" => row.name.clone(),
            _ => row.command.clone(),
        };
        text.push_str(&line(columns.iter().map(cell).collect()));
    }
    ctx.print(&text);
    Outcome::Exit(0)
}

fn rows(ctx: &Ctx<'_>) -> Vec<Row> {
    let mut rows: Vec<Row> = Vec::new();
    let user = |uid: u32| user_name(uid).map_or_else(|| uid.to_string(), str::to_string);
    let machine = ctx.world.machine(ctx.caller.container);
    for process in machine.map_or(&[][..], |m| &m.processes) {
        let name = file_name(process.argv.first().map_or("", |a| a));
        let command = match process.is_zombie() {
            true => format!("[{name}]"),
            false => process.command_line(),
        };
        rows.push(Row {
            pid: process.pid,
            parent: process.parent,
            user: user(process.uid),
            name: name.chars().take(15).collect(),
            command,
        });
    }
    if !rows.iter().any(|row| row.pid == ctx.caller.pid) {
        rows.push(Row {
            pid: ctx.caller.pid,
            parent: 0,
            user: user(ctx.caller.uid),
            name: ctx.name.to_string(),
            command: ctx.argv.join(" "),
        });
    }
    rows.sort_by_key(|row| row.pid);
    rows
}
