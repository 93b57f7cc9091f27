//! `std/registry` against the real `docker-registry` of Debian.

use std::io::{Read, Write};
use std::net::TcpStream;

use super::component::{Server, find, free_port, get};
use super::site::{DONE, FAILED, INCONCLUSIVE, Site};

const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";
const INDEX: &str = "application/vnd.oci.image.index.v1+json";

/// A registry that has one image, `memoria/server:1.0`, and an index of it, `multi`.
struct Registry {
    site: Site,
    port: u16,
    server: Server,
}

fn registry() -> Option<Registry> {
    let program = find("docker-registry", "apt install docker-registry")?;
    let port = free_port();
    let site = Site::using("registry")
        .with("token: secret", "any-token")
        .with("repository: url", format!("http://127.0.0.1:{port}/v2/memoria/server"));
    let data = site.file("data");
    site.write("registry.yml", &format!("version: 0.1\nlog: {{ level: error }}\nstorage:\n  filesystem: {{ rootdirectory: {} }}\nhttp: {{ addr: '127.0.0.1:{port}' }}\n", data.display()));
    let server = Server::start(site.path(), &program, &["serve", "registry.yml"]);
    let server = server.await_ready("docker-registry", || get(port, "/v2/").is_some());
    Some(Registry { site, port, server })
}

impl Registry {
    /// Pushes as the API says: the blob, then the manifest that names it; gives the digest of the manifest.
    fn push(&self) -> String {
        let config = "{}";
        let digest = format!("sha256:{}", sha256(config));
        let place = self.send("POST", "/v2/memoria/server/blobs/uploads/", "", "").header("location");
        let place =
            place.split_once(&format!(":{}", self.port)).map_or(place.clone(), |(_, path)| path.to_owned());
        let made = self.send("PUT", &format!("{place}&digest={digest}"), "application/octet-stream", config);
        assert_eq!(made.status(), 201, "{}", made.0);
        let manifest = format!(
            "{{\"schemaVersion\":2,\"mediaType\":\"{MANIFEST}\",\"config\":{{\"mediaType\":\"application/vnd.oci.image.config.v1+json\",\"size\":2,\"digest\":\"{digest}\"}},\"layers\":[]}}"
        );
        let made = self.send("PUT", "/v2/memoria/server/manifests/1.0", MANIFEST, &manifest);
        assert_eq!(made.status(), 201, "{}", made.0);
        let of = format!("sha256:{}", sha256(&manifest));
        let size = manifest.len();
        let one = |system: &str| {
            format!(
                "{{\"mediaType\":\"{MANIFEST}\",\"digest\":\"{of}\",\"size\":{size},\"platform\":{{\"os\":\"{system}\",\"architecture\":\"amd64\"}}}}"
            )
        };
        let index = format!(
            "{{\"schemaVersion\":2,\"mediaType\":\"{INDEX}\",\"manifests\":[{},{}]}}",
            one("linux"),
            one("windows")
        );
        let made = self.send("PUT", "/v2/memoria/server/manifests/multi", INDEX, &index);
        assert_eq!(made.status(), 201, "{}", made.0);
        of
    }

    fn send(&self, method: &str, path: &str, kind: &str, body: &str) -> Answer {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        let head = format!(
            "{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nConnection: close\r\nContent-Type: {kind}\r\nContent-Length: {}\r\n\r\n",
            self.port,
            body.len()
        );
        stream.write_all(format!("{head}{body}").as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        Answer(answer)
    }
}

struct Answer(String);

impl Answer {
    fn status(&self) -> u16 {
        self.0.split(' ').nth(1).unwrap().parse().unwrap()
    }

    fn header(&self, name: &str) -> String {
        let line = self.0.lines().find(|line| line.to_lowercase().starts_with(&format!("{name}: "))).unwrap();
        line.split_once(": ").unwrap().1.to_owned()
    }
}

fn sha256(text: &str) -> String {
    use sha2::Digest as _;
    bowline::value::hex(&sha2::Sha256::digest(text))
}

#[test]
fn what_is_there_is_told_from_what_is_not() {
    let Some(registry) = registry() else { return };
    let digest = registry.push();
    let site = &registry.site;
    site.check("expect registry.exists(repository, \"1.0\")").is(DONE, "");
    site.check("expect registry.exists(repository, \"2.0\")").is(FAILED, "");
    assert_eq!(site.value("registry.digest(repository, \"1.0\")"), digest);
    site.check(&format!("expect registry.exists(repository, \"{digest}\")")).is(DONE, "");
    site.check("expect registry.digest(repository, \"2.0\") != \"\"").is(FAILED, "there is no 2.0");
    assert_eq!(
        site.value("join(registry.platforms(repository, \"multi\"), \" \")"),
        "linux/amd64 windows/amd64"
    );
    assert_eq!(site.value("count(registry.platforms(repository, \"1.0\"))"), "0");
    // A registry that asks for no token takes any.
    site.check("expect registry.exists_for(repository, \"1.0\", token)").is(DONE, "");
}

#[test]
fn a_registry_that_is_gone_says_neither_yes_nor_no() {
    let Some(registry) = registry() else { return };
    let Registry { site, server, .. } = registry;
    drop(server);
    site.check("expect registry.exists(repository, \"1.0\")").is(INCONCLUSIVE, "");
}
