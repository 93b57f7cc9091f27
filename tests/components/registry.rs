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
    assert_eq!(site.value("registry.digest_for(repository, \"1.0\", token)"), digest);
}

#[test]
fn a_registry_that_is_gone_says_neither_yes_nor_no() {
    let Some(registry) = registry() else { return };
    let Registry { site, server, .. } = registry;
    drop(server);
    site.check("expect registry.exists(repository, \"1.0\")").is(INCONCLUSIVE, "");
}

/// A double of a registry's token server: one answer, to whoever logs in and says what for.
fn token_server() -> u16 {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        let mut stream = listener.accept().unwrap().0;
        let (mut request, mut bytes) = (String::new(), [0; 4096]);
        while !request.contains("\r\n\r\n") {
            let read = stream.read(&mut bytes).unwrap();
            request.push_str(&String::from_utf8_lossy(bytes.get(..read).unwrap()));
        }
        let lower = request.to_lowercase();
        let right = lower.contains("authorization: basic yw5hom9wzw4=")
            && request.starts_with(
                "GET /token?service=registry.example&scope=repository%3Amemoria%2Fserver%3Apull ",
            );
        let (status, body) =
            if right { ("200 OK", r#"{"token":"token-of-the-double"}"#) } else { ("401 Unauthorized", "{}") };
        let length = body.len();
        let head = format!(
            "HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n"
        );
        stream.write_all(format!("{head}{body}").as_bytes()).unwrap();
    });
    port
}

#[test]
fn a_token_for_pulling_is_fetched_and_not_told() {
    let Some(registry) = registry() else { return };
    let digest = registry.push();
    let realm = format!("http://127.0.0.1:{}/token", token_server());
    let site = registry.site.with("realm: url", realm).with("login: secret", "YW5hOm9wZW4=");
    let fetched =
        "registry.pull_token(realm, \"registry.example\", \"repository:memoria/server:pull\", login)";
    let said = site.run(&format!(
        "let pull = {fetched}\ncheck \"It is there\" {{\n  expect registry.digest_for(repository, \"1.0\", pull) == \"{digest}\"\n}}\nlog \"with {{pull}}\""
    ));
    said.is(DONE, "completed");
    assert!(!format!("{}{}", said.out, said.err).contains("token-of-the-double"), "{said:?}");
}
