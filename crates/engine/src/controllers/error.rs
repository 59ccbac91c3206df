//! Refusals of the API server, in its words.

use std::fmt;

/// Why a request is refused (`status.reason`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorReason {
    NotFound,
    AlreadyExists,
    Invalid,
    Forbidden,
    BadRequest,
    /// What the server's decoder refuses.
    Unreadable,
    /// Written by somebody else meanwhile.
    Conflict,
    /// What real servers do, and this one does not.
    NotSimulated,
    /// The server gives none.
    Unknown,
}

impl ErrorReason {
    /// The API's word.
    pub const fn name(self) -> &'static str {
        match self {
            ErrorReason::NotFound => "NotFound",
            ErrorReason::AlreadyExists => "AlreadyExists",
            ErrorReason::Invalid => "Invalid",
            ErrorReason::Forbidden => "Forbidden",
            ErrorReason::Conflict => "Conflict",
            ErrorReason::Unknown => "Unknown",
            ErrorReason::BadRequest | ErrorReason::Unreadable | ErrorReason::NotSimulated => {
                "BadRequest"
            }
        }
    }
}

/// A refused request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiError {
    pub reason: ErrorReason,
    /// The server's message: `pods "web" not found`.
    pub text: String,
    /// What is invalid, where it is more than one thing.
    pub causes: Vec<String>,
}

impl ApiError {
    /// `pods "web" not found`; `resource` is the plural with its group: `deployments.apps`.
    pub fn not_found(resource: &str, name: &str) -> Self {
        ApiError {
            reason: ErrorReason::NotFound,
            causes: Vec::new(),
            text: format!("{resource} \"{name}\" not found"),
        }
    }

    /// `pods "web" already exists`.
    pub fn already_exists(resource: &str, name: &str) -> Self {
        ApiError {
            reason: ErrorReason::AlreadyExists,
            causes: Vec::new(),
            text: format!("{resource} \"{name}\" already exists"),
        }
    }

    /// `Pod "web" is invalid: <detail>`; `kind` with its group: `Deployment.apps`.
    pub fn invalid(kind: &str, name: &str, detail: &str) -> Self {
        ApiError {
            reason: ErrorReason::Invalid,
            causes: Vec::new(),
            text: format!("{kind} \"{name}\" is invalid: {detail}"),
        }
    }

    /// `request is invalid: <detail>`: of a request as a whole.
    pub fn invalid_request(detail: &str) -> Self {
        ApiError {
            reason: ErrorReason::Invalid,
            causes: Vec::new(),
            text: ["request is invalid: ", detail].concat(),
        }
    }

    /// The same as [`ApiError::invalid`] with as many details as there are.
    pub fn invalid_all(kind: &str, name: &str, details: &[String]) -> Self {
        match details {
            [one] => ApiError::invalid(kind, name, one),
            all => ApiError {
                causes: all.to_vec(),
                ..ApiError::invalid(kind, name, &format!("[{}]", all.join(", ")))
            },
        }
    }

    /// An update of another version of an object than the server has (ERR-04); `resource` as in
    /// [`ApiError::not_found`].
    pub fn conflict(resource: &str, name: &str) -> Self {
        ApiError {
            reason: ErrorReason::Conflict,
            causes: Vec::new(),
            text: format!(
                "Operation cannot be fulfilled on {resource} \"{name}\": the object has been \
                 modified; please apply your changes to the latest version and try again"
            ),
        }
    }

    /// A request that is not simulated: `readyz cannot …`.
    pub fn not_simulated(text: impl Into<String>) -> Self {
        ApiError {
            reason: ErrorReason::NotSimulated,
            causes: Vec::new(),
            text: text.into(),
        }
    }

    /// A request that the server does not say more of than why.
    pub fn unknown(text: impl Into<String>) -> Self {
        ApiError {
            reason: ErrorReason::Unknown,
            text: text.into(),
            causes: Vec::new(),
        }
    }

    /// A request that the server cannot read.
    pub fn unreadable(text: impl Into<String>) -> Self {
        ApiError {
            reason: ErrorReason::Unreadable,
            text: text.into(),
            causes: Vec::new(),
        }
    }

    /// A request that makes no sense to the server or to kubectl.
    pub fn bad_request(text: impl Into<String>) -> Self {
        ApiError {
            reason: ErrorReason::BadRequest,
            causes: Vec::new(),
            text: text.into(),
        }
    }
}

impl fmt::Display for ApiError {
    /// As kubectl prints it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.reason {
            // kubectl takes the kind from the details, which have no group.
            ErrorReason::Invalid => {
                let (kind, rest) = self.text.split_once(' ').unwrap_or((&self.text, ""));
                let kind = kind.split('.').next().unwrap_or(kind);
                if self.causes.is_empty() {
                    return write!(f, "The {kind} {rest}");
                }
                let head = rest.split_once(": [").map_or(rest, |(head, _)| head);
                write!(f, "The {kind} {head}: ")?;
                let mut causes = self.causes.iter();
                causes.try_for_each(|cause| write!(f, "\n* {cause}"))
            }
            ErrorReason::BadRequest | ErrorReason::NotSimulated => {
                write!(f, "error: {}", self.text)
            }
            ErrorReason::Unknown => write!(f, "Error from server: {}", self.text),
            reason => write!(f, "Error from server ({}): {}", reason.name(), self.text),
        }
    }
}
