//! Why a request has no answer, and what is no request: the codes of JSON-RPC and of the protocol.

/// A code of the protocol, and words for a person.
#[derive(Debug)]
pub(super) struct Failure {
    pub(super) code: i32,
    pub(super) message: String,
}

impl Failure {
    const PARSE_ERROR: i32 = -32700;
    const INVALID_REQUEST: i32 = -32600;
    const METHOD_NOT_FOUND: i32 = -32601;
    const INVALID_PARAMS: i32 = -32602;
    const INTERNAL: i32 = -32603;
    const NOT_INITIALIZED: i32 = -32002;
    const CANCELLED: i32 = -32800;
    const FAILED: i32 = -32803;

    fn new(code: i32, message: impl Into<String>) -> Self {
        Self { code, message: message.into() }
    }

    /// It is no message that can be read.
    pub(super) fn unreadable(why: impl Into<String>) -> Self {
        Self::new(Self::PARSE_ERROR, why)
    }

    /// It can be read, and asks for nothing.
    pub(super) fn no_message(why: &str) -> Self {
        Self::new(Self::INVALID_REQUEST, why)
    }

    /// The server is shut down, or was initialized before.
    pub(super) fn out_of_turn(message: &str) -> Self {
        Self::new(Self::INVALID_REQUEST, message)
    }

    pub(super) fn unknown_method(method: &str) -> Self {
        Self::new(Self::METHOD_NOT_FOUND, format!("no method is called {method}"))
    }

    pub(super) fn params(why: impl std::fmt::Display) -> Self {
        Self::new(Self::INVALID_PARAMS, format!("the parameters do not fit: {why}"))
    }

    pub(super) fn internal() -> Self {
        Self::new(Self::INTERNAL, "this is a bug of bowline; what went wrong is on standard error")
    }

    pub(super) fn not_initialized() -> Self {
        Self::new(Self::NOT_INITIALIZED, "the first request is `initialize`")
    }

    pub(super) fn cancelled() -> Self {
        Self::new(Self::CANCELLED, "cancelled")
    }

    /// It was understood, and cannot be done; in words for the one who asked.
    pub(super) fn refused(message: impl Into<String>) -> Self {
        Self::new(Self::FAILED, message)
    }
}
