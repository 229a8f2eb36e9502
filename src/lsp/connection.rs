//! Messages from and to the client. The only file that knows lsp-server.

use std::collections::VecDeque;
use std::io::{self, BufRead, ErrorKind, Write};
use std::sync::mpsc::{self, Receiver};
use std::thread;

use lsp_server::{ErrorCode, Message, Notification, Request, RequestId, Response};
use serde::Serialize;
use serde_json::Value;

/// A message of the client.
#[derive(Debug)]
pub enum Incoming {
    Request(Call),
    Notification {
        method: String,
        params: Value,
    },
    /// The answer to a request of the server. None of its requests needs one.
    Response,
    /// A message that is not JSON-RPC.
    Malformed,
}

/// A request of the client, to be answered once.
#[derive(Debug)]
pub struct Call {
    id: RequestId,
    pub method: String,
    pub params: Value,
}

/// Why a request has no result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    NotInitialized,
    Invalid(String),
    UnknownMethod,
    Failed(String),
    Canceled,
}

/// The messages from and to one client.
pub struct Connection<'o> {
    received: Receiver<Incoming>,
    /// The messages that were received and not handled yet.
    queue: VecDeque<Incoming>,
    output: &'o mut dyn Write,
    requests: i32,
}

impl<'o> Connection<'o> {
    /// Reads messages on a thread of its own until the input ends.
    pub fn open(mut input: impl BufRead + Send + 'static, output: &'o mut dyn Write) -> Connection<'o> {
        let (sender, received) = mpsc::channel();
        thread::spawn(move || {
            while let Some(incoming) = read(&mut input) {
                if sender.send(incoming).is_err() {
                    break;
                }
            }
        });
        Connection { received, queue: VecDeque::new(), output, requests: 0 }
    }

    /// The next message, if one was received.
    pub fn poll(&mut self) -> Option<Incoming> {
        self.receive();
        self.queue.pop_front()
    }

    /// The next message; `None` at the end of the input.
    pub fn wait(&mut self) -> Option<Incoming> {
        self.poll().or_else(|| self.received.recv().ok())
    }

    /// True if a notification with one of these methods waits.
    pub fn has_waiting(&mut self, methods: &[&str]) -> bool {
        self.receive();
        self.queue.iter().any(|waiting| match waiting {
            Incoming::Notification { method, .. } => methods.contains(&method.as_str()),
            Incoming::Request(_) | Incoming::Response | Incoming::Malformed => false,
        })
    }

    /// True if the client has canceled the request.
    pub fn is_canceled(&mut self, call: &Call) -> bool {
        self.receive();
        self.queue.iter().any(|waiting| match waiting {
            Incoming::Notification { method, params } if method == "$/cancelRequest" => {
                request_id(params).is_some_and(|canceled| canceled == call.id)
            }
            Incoming::Notification { .. }
            | Incoming::Request(_)
            | Incoming::Response
            | Incoming::Malformed => false,
        })
    }

    fn receive(&mut self) {
        self.queue.extend(self.received.try_iter());
    }

    /// Answers a request.
    ///
    /// # Errors
    /// The client is gone.
    pub fn answer(&mut self, call: Call, result: Result<Value, Refusal>) -> io::Result<()> {
        let response = match result {
            Ok(result) => Response { id: call.id, response_result: Ok(result) },
            Err(refusal) => {
                let (code, message) = refusal.describe(&call.method);
                Response::new_err(call.id, code as i32, message)
            }
        };
        Message::Response(response).write(&mut self.output)
    }

    /// Sends a notification.
    ///
    /// # Errors
    /// The client is gone.
    pub fn notify(&mut self, method: &str, params: impl Serialize) -> io::Result<()> {
        let params = serde_json::to_value(params)?;
        Message::Notification(Notification { method: method.to_owned(), params }).write(&mut self.output)
    }

    /// Sends a request, whose answer is not awaited.
    ///
    /// # Errors
    /// The client is gone.
    pub fn request(&mut self, method: &str, params: Value) -> io::Result<()> {
        self.requests = self.requests.saturating_add(1);
        let request = Request { id: RequestId::from(self.requests), method: method.to_owned(), params };
        Message::Request(request).write(&mut self.output)
    }
}

impl Refusal {
    fn describe(self, method: &str) -> (ErrorCode, String) {
        match self {
            Refusal::NotInitialized => {
                (ErrorCode::ServerNotInitialized, "the client has not sent `initialize`".to_owned())
            }
            Refusal::Invalid(message) => (ErrorCode::InvalidParams, message),
            Refusal::UnknownMethod => (ErrorCode::MethodNotFound, format!("unknown method `{method}`")),
            Refusal::Failed(message) => (ErrorCode::RequestFailed, message),
            Refusal::Canceled => (ErrorCode::RequestCanceled, "canceled by the client".to_owned()),
        }
    }
}

fn request_id(params: &Value) -> Option<RequestId> {
    params.get("id").cloned().and_then(|id| serde_json::from_value(id).ok())
}

/// Reads a message; `None` at the end of the input. A header that cannot be read is skipped line by line.
fn read(input: &mut impl BufRead) -> Option<Incoming> {
    match Message::read(input) {
        Ok(Some(Message::Request(Request { id, method, params }))) => {
            Some(Incoming::Request(Call { id, method, params }))
        }
        Ok(Some(Message::Notification(Notification { method, params }))) => {
            Some(Incoming::Notification { method, params })
        }
        Ok(Some(Message::Response(_))) => Some(Incoming::Response),
        Ok(None) => None,
        Err(error) if error.kind() == ErrorKind::InvalidData => Some(Incoming::Malformed),
        Err(_) => None,
    }
}
