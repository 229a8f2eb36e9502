//! The command from outside: exit statuses, streams, files.
