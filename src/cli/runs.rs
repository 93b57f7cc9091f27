//! `bowline runs`.

use super::args::{Format, RunsArgs};
use super::drive::open_store;
use super::out::Console;
use super::{Done, Exit, Stop};

/// Lists the runs, the latest first.
pub(super) fn runs(args: &RunsArgs) -> Done {
    let store = open_store(&args.journal)?;
    let internal = |error: crate::journal::StoreError| Stop::internal(error.to_string());
    for run in store.runs().map_err(internal)? {
        let driver = store.driver(&run).map_err(internal)?;
        let status = match (driver, run.status.as_str()) {
            (Some(_), _) => "running",
            (None, "running") => "interrupted",
            (None, status) => status,
        };
        let line = match args.format {
            Format::Text => {
                let created: String = run.created.chars().take(19).collect();
                format!("{}  {created}  {status:<12}  {}\n", run.id, run.title)
            }
            Format::Json => {
                let (id, title, created) = (&run.id, &run.title, &run.created);
                let json =
                    serde_json::json!({ "id": id, "title": title, "created": created, "status": status });
                format!("{json}\n")
            }
        };
        Console.result(&line);
    }
    Ok(Exit::Completed)
}
