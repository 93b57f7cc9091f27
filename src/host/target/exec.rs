//! Command lines of `docker exec` and `kubectl exec`. Both take words, so nothing has to be quoted.

/// Into a container.
pub(super) fn docker(container: &str, line: &str) -> Vec<String> {
    words(&["docker", "exec", "-i", container, "sh", "-c", line])
}

/// What runs an object of a cluster; what is not given is chosen by `kubectl`.
#[derive(Default)]
pub(super) struct Pod<'a> {
    pub(super) object: &'a str,
    pub(super) context: Option<&'a str>,
    pub(super) namespace: Option<&'a str>,
    pub(super) container: Option<&'a str>,
}

/// Into what runs an object.
pub(super) fn kubectl(pod: &Pod<'_>, line: &str) -> Vec<String> {
    let Pod { object, context, namespace, container } = *pod;
    let given = |name: &'static str, value: Option<&str>| value.map(|value| format!("--{name}={value}"));
    let before = given("context", context).into_iter().chain(given("namespace", namespace));
    let container = given("container", container);
    let exec = words(&["exec", "-i", object]).into_iter().chain(container);
    words(&["kubectl"])
        .into_iter()
        .chain(before)
        .chain(exec)
        .chain(words(&["--", "sh", "-c", line]))
        .collect()
}

fn words(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_stand_as_the_clients_document_them() {
        assert_eq!(docker("web 1", "a b"), ["docker", "exec", "-i", "web 1", "sh", "-c", "a b"]);
        let pod = Pod {
            object: "deploy/web",
            context: Some("eu"),
            namespace: Some("prod"),
            container: Some("app"),
        };
        assert_eq!(
            kubectl(&pod, "x").join(" "),
            "kubectl --context=eu --namespace=prod exec -i deploy/web --container=app -- sh -c x"
        );
        assert_eq!(
            kubectl(&Pod { object: "pod-7f", ..Pod::default() }, "x").join(" "),
            "kubectl exec -i pod-7f -- sh -c x"
        );
    }
}
