use std::fs;
use std::path::Path;

use clap::{Command, CommandFactory as _};
use clap_complete::generate;
use clap_mangen::Man;

use crate::args::{Args, CompletionsArgs, ManArgs};
use crate::exit::Failure;
use crate::terminal::print;

const NAME: &str = "perennis";

/// Prints completions for a shell.
pub(crate) fn completions(args: &CompletionsArgs) -> Result<(), Failure> {
    let mut script = Vec::new();
    generate(args.shell, &mut Args::command(), NAME, &mut script);
    print(&String::from_utf8_lossy(&script))
}

/// Prints the manual page, or writes it and one for each command into a folder.
pub(crate) fn man(args: &ManArgs) -> Result<(), Failure> {
    let program = Args::command();
    let Some(folder) = &args.out else { return print(&page(program)?) };
    fs::create_dir_all(folder).map_err(|error| failed(folder, &error))?;
    let commands = program.get_subcommands().map(|command| {
        let name = format!("{NAME}-{}", command.get_name());
        (name.clone(), command.clone().name(name))
    });
    let pages: Vec<(String, Command)> =
        std::iter::once((NAME.to_owned(), program.clone())).chain(commands).collect();
    for (name, command) in pages {
        let path = folder.join(format!("{name}.1"));
        fs::write(&path, page(command)?).map_err(|error| failed(&path, &error))?;
    }
    Ok(())
}

fn page(command: Command) -> Result<String, Failure> {
    let mut page = Vec::new();
    let rendered = Man::new(command).render(&mut page);
    rendered.map_err(|error| Failure::System(format!("the page cannot be made: {error}")))?;
    Ok(String::from_utf8_lossy(&page).into_owned())
}

fn failed(path: &Path, error: &std::io::Error) -> Failure {
    Failure::System(format!("cannot write `{}`: {error}", path.display()))
}
