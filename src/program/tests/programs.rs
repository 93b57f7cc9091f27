//! Whole runbooks that are right, as outlines.

use super::outline;
use insta::assert_snapshot;

#[test]
fn a_whole_runbook() {
    assert_snapshot!(outline(
        r#"runbook "Memoria GA upgrade" 1.0.0

"""
Takes one deployment to General Availability.
"""

use "./memoria"

input database: url     = "sqlite:///memoria.db"   "Database"
input release:  version                            "GA version to move to"
input backups:  path    = "backups"                "Folder"
input admin:    url                                "Admin API"
input token:    secret  from env "MEMORIA_TOKEN"
input groups:   list of text                       "Groups"

exclusive "memoria {database}"

gate "Pre-flight" {
  confirm "Customer messages are prepared"
  check "The backup volume has room" {
    let free: lines = run df --output=avail -B1 {backups}
    expect size(free[1]) > 2GiB  "only {free[1]} bytes left"
  }
}

approval "Start the upgrade to {release}" need 2 from "release-managers" within 4h

step "Back up" {
  run {...memoria.cli} export-data {backups}/pre-ga.json {
    env DATABASE_URL = database
  }
  let export = artifact "{backups}/pre-ga.json"
  rollback none "only leaves a file"
}

phase "Upgrade" {
  guard "Queue is short" every 15s misses 3 {
    expect memoria.queue_depth(admin) < 100
  }
  memoria.maintenance(admin, token, on: true)
  step "Run schema migrations" timeout 10m {
    done when { expect memoria.pending(database) == [] }
    run {...memoria.cli} migrate run --all {
      env DATABASE_URL = database
    }
    rollback {
      run {...memoria.cli} import-data {export} {
        env DATABASE_URL = database
      }
      for name in memoria.pending(database) {
        run migrate {name}
      }
    }
  }
  for group in groups parallel 4 {
    check "Parity of {group}" within 1h every 1m {
      let report: json = run parity {group}
      given report.samples > 10
      expect report.parity == 1
      evidence report
    }
  }
}

repeat "Find and mend" at most 5 {
  let passing = check "Drift" { expect memoria.queue_depth(admin) < 1 }
} until passing and memoria.queue_depth(admin) < 2

let go = approval "Cut over" need 1 from "release"
if not go {
  choose "Stay?" {
    answer "Roll back" { fail "no" }
    answer "Stay" { end "kept" }
  }
} else if memoria.queue_depth(admin) > 5 {
  log "long"
} else {
  log "short"
}

commit "Customers are on GA" {
  """
  Fix forward from here.
  """
}

manual "Publish the changelog" irreversible {
  """
  On the status page.
  """
  ask link: url "Link to the entry"
}

call "./other.runbook" (cluster: "eu")

after rollback {
  look run {...memoria.cli} export-data {backups}/post.json
  evidence artifact "{backups}/post.json"
}
"#
    ));
}

#[test]
fn scripts_and_requests() {
    assert_snapshot!(outline(
        r#"runbook "Scripts" 1.0.0

input folder: path = "x"
input token: secret from env "TOKEN"
input tags: list of text = ["a"]

step "Script" {
  ```sh (folder, token, tags, n: 1 + 1)
  echo "$folder"
  ```
  rollback none "no"
}
let head = look http GET "http://x/{folder}" {
  bearer token
  header "Accept" "application/json"
  query "page" 2
  timeout 10s
  retry 3 every 1s
  expect status in [200, 204] "was {status}"
  let sha: text = body.sha
}
log "{head.x} {sha}"
"#
    ));
}

#[test]
fn people_and_handlers() {
    assert_snapshot!(outline(
        r#"runbook "People" 1.0.0

input cluster: text

confirm "Ready" typing "{cluster}" optional by "lead"
judge "Looks fine" showing cluster expected """
As before.
""" by "qa"
let verdict = judge "Again" showing cluster
if not verdict { fail "no" }
step "Work" on "eu" dir "x/{cluster}" terminal atomic due 15m after "Ready" {
  hint /database is (locked)/ "Stop the writers"
  run work {
    expect exit in [0, 3]
    stdin "yes"
    timeout 5s
  }
  restore once retry 3 every 10s { run back }
  rollback best effort { run undo }
}
wait 72h "Freeze"
wait until "Sat 02:00-04:00 Europe/Paris"
phase "Watch" window "Sat 02:00-04:00 Europe/Paris" {
  every 1h "Status" { log "still" }
  guard "Fine" every 15s misses 3 interrupts { look run fine }
  parallel {
    check "A" { run a }
    check "B" soak 30m every 1m within 24h { run b }
  }
}
attempt "Fast" { log "fast" } otherwise { log "slow" }
notify "release" "done {cluster}"
before rollback { evidence cluster }
after success { log "good" }
scenario "Test" {
  """
  Nothing.
  """
}
"#
    ));
}
